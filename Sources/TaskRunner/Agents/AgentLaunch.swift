internal import Agents
internal import CProcess
internal import Foundation
internal import TaskModel

/// What `pandar-agent` needs to run an attempt: its order, the agents' directories, and a pipe for its reports.
struct AgentLaunch: Sendable {
    /// `pandar-agent` on this machine.
    let program: String
    /// The order's file on this machine. The attempt does not own the directory that it is in.
    let order: String
    /// The pipe's ends: ours, which does not block, and the driver's.
    let reports: (own: Int32, driver: Int32)

    /// Where an attempt's places are, as the agent sees them.
    struct Places {
        let directory: String
        let home: String
        /// The number that the reports' descriptor has there.
        let reports: Int32
    }

    static let orderName = "order.json"

    init(
        _ agent: AttemptAgent, _ request: TaskRequest, _ resumption: AgentResumption?, _ workspace: Workspace,
        _ places: Places, owner: FileOwner?, program: String?, graceSeconds: Int
    ) throws(SpawnError) {
        guard let program else {
            throw SpawnError(
                description: "pandar-agent is not there, which drives the agent \(agent.name): keep it beside "
                    + "pandar-init and pandar")
        }
        self.program = program
        order = workspace.base + "/" + Self.orderName
        do throws(FileError) {
            for definition in [agent.definition, agent.proxy].compactMap(\.self) {
                if let folder = definition.home?.folder { try Self.make(folder, in: workspace.home, owner) }
            }
            let text = Self.text(agent, request, resumption, workspace, places, graceSeconds: graceSeconds)
            try Self.write(text, to: order)
        } catch {
            throw SpawnError(description: "the agent \(agent.name) cannot be prepared: \(error)")
        }
        var ends: [Int32] = [-1, -1]
        guard pandar_pipe(&ends) == 0 else {
            throw SpawnError(description: "no pipe could be made: \(String(cString: strerror(errno)))")
        }
        reports = (own: ends[0], driver: ends[1])
    }

    func discard() {
        close(reports.own)
        close(reports.driver)
    }

    /// The order. A session goes on only where its files are: in the workspace of the attempt before.
    private static func text(
        _ agent: AttemptAgent, _ request: TaskRequest, _ resumption: AgentResumption?, _ workspace: Workspace,
        _ places: Places, graceSeconds: Int
    ) -> [UInt8] {
        let definition = agent.definition
        var prompt = AgentPrompt(
            words: agent.words, description: request.description, context: request.metadata.context
        ).text
        let goesOn =
            workspace.isReused && agent.resumesSessions && resumption?.session.agent == agent.name
        if let resumption, !goesOn { prompt = resumption.note + "\n\n" + prompt }
        var order = AgentOrder(
            adapter: definition.adapter, program: agent.program,
            environment: definition.variables(home: places.home),
            prompt: prompt, directory: places.directory, reports: "fd:\(places.reports)",
            progress: definition.progress, prompts: definition.prompts,
            // It shall have ended what it has started before it is killed itself.
            graceSeconds: max(1, graceSeconds - 2))
        if goesOn {
            order.session = resumption?.session.id
            order.resumeNote = resumption?.note
        }
        order.proxy = agent.proxy.map { proxy in
            ProxyAgent(
                agent: proxy.name, adapter: proxy.adapter, program: [proxy.program] + proxy.arguments,
                environment: proxy.variables(home: places.home), recovery: proxy.recovery)
        }
        return order.json()
    }

    /// A directory of the attempt. One that an earlier attempt has left stays as it is, whatever it is.
    private static func make(_ folder: String, in home: String, _ owner: FileOwner?) throws(FileError) {
        let home = try Directory(path: home)
        do throws(FileError) {
            try home.make(FileName(folder)).makePrivate(to: owner)
        } catch {
            guard error.code == EEXIST else { throw error }
        }
    }

    private static func write(_ text: [UInt8], to path: String) throws(FileError) {
        unlink(path)
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o444)
        guard file >= 0 else { throw FileError(path) }
        defer { close(file) }
        // Whatever the service's mask is: the attempt's user must read it.
        guard fchmod(file, 0o444) == 0 else { throw FileError(path) }
        var rest = text[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileError(path) }
            rest = rest.dropFirst(count)
        }
    }
}

/// What a sandbox shows of the driver.
struct AgentView: Sendable {
    /// Options of bubblewrap.
    let arguments: [String]
    /// The driver's command line in the sandbox.
    static let words = [Mount.agentProgram, Mount.agentOrder]

    init(_ launch: AgentLaunch) {
        arguments = [
            "--ro-bind", launch.program, Mount.agentProgram, "--ro-bind", launch.order, Mount.agentOrder,
        ]
    }
}
