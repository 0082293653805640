internal import Agents
internal import Foundation
internal import PandarConfiguration
internal import TaskRunner

/// Tries agents out on this machine.
struct AgentInspection {
    let settings: PandarSettings
    /// `nil` where the settings say that nothing is isolated.
    let sandbox: (host: SandboxHost, catalog: SandboxCatalog)?
    let projects: ProjectCatalog
    let environment: [String: String]
    /// Seconds that a program has for its version, and as many for its first answer.
    var seconds = 20.0

    /// - Throws: what is wrong with the settings, and why there can be no sandbox.
    init(_ settings: PandarSettings) throws {
        self.settings = settings
        environment = ProcessInfo.processInfo.environment
        projects = try ProjectsFile.load(path: settings.projects.file, environment: nil)
        guard settings.sandbox.mode != .none else {
            sandbox = nil
            return
        }
        let catalog = try SandboxSetup.catalog(settings)
        do throws(SandboxUnavailable) {
            let host = try SandboxSetup.host(settings)
            try host.probe()
            sandbox = (host, catalog)
        } catch {
            throw CommandError(
                .configuration,
                "No sandbox can be made, so no agent can be tried in one: \(error.reason); \(error.remedy)")
        }
    }

    func report(_ agent: AgentDefinition, isWanted: Bool) -> AgentTrial {
        var report = AgentTrial(agent: agent, place: sandbox == nil ? .outside : .sandbox, isWanted: isWanted)
        report.credentials = agent.credentials.map(credential)
        report.path = Executables.locate(agent.program, path: settings.runner.path)
        guard report.path != nil else { return report }
        let version = attempt([agent.program, "--version"], agent)
        report.version = Self.firstLine(version.output)
        report.problem = Self.problem(version, seconds)
        guard report.problem == nil else { return report }
        report.handshake = handshake(agent)
        return report
    }

    /// The first exchange. The shell holds the program's input open while it thinks of its answer,
    /// and ends with it.
    private func handshake(_ agent: AgentDefinition) -> AgentTrial.Handshake {
        guard let handshake = AgentHandshake(agent.adapter) else { return .none }
        let script = "{ printf '%s\\n' \"$1\"; exec sleep \(Int(seconds) + 1); } | { shift; \"$@\"; kill 0; }"
        let words = ["sh", "-c", script, "sh", handshake.request, agent.program] + agent.arguments
        let find = { (output: [UInt8]) in
            output.split(separator: UInt8(ascii: "\n")).lazy.compactMap { handshake.answer(in: $0) }.first
        }
        let trial = attempt(words, agent) { find($0) != nil }
        switch find(trial.output) {
        case .accepted(let words): return .works(words)
        case .refused(let reason): return .fails(reason)
        case nil:
            if let problem = Self.problem(trial, seconds) { return .fails(problem) }
            let last = Self.lastLine(trial.errors) ?? Self.lastLine(trial.output)
            return .fails("it ended without an answer" + (last.map { ": \($0)" } ?? ""))
        }
    }

    private func attempt(
        _ words: [String], _ agent: AgentDefinition, isEnough: ([UInt8]) -> Bool = { _ in false }
    ) -> CommandTrial {
        let path = settings.runner.path
        guard let sandbox else {
            return CommandTrial.outside(
                words, environment: agent.environment, path: path, seconds: seconds, isEnough: isEnough)
        }
        do throws(SandboxRefusal) {
            let profile = try sandbox.catalog.profile(project: agent.sandboxProfile, agent: agent.name, demand: nil)
            return sandbox.host.trial(
                words, profile: profile, environment: agent.environment, path: path, seconds: seconds,
                isEnough: isEnough)
        } catch {
            return .failed(error.description)
        }
    }

    private func credential(_ name: String) -> AgentTrial.Credential {
        var places = environment[name]?.isEmpty == false ? ["the service's environment"] : []
        for project in projects.named where project.secrets.contains(where: { $0.name == name }) {
            places.append("project \(project.id)")
        }
        if projects.defaultProject?.secrets.contains(where: { $0.name == name }) == true {
            places.append("the default project")
        }
        return AgentTrial.Credential(name: name, places: places)
    }

    private static func problem(_ trial: CommandTrial, _ seconds: Double) -> String? {
        switch trial.end {
        case .enough, .ended: nil
        case .outOfTime: "it did not answer within \(Int(seconds)) s"
        case .failed(let reason): reason
        }
    }

    private static func firstLine(_ bytes: [UInt8]) -> String? {
        bytes.split(separator: UInt8(ascii: "\n")).first.map { String(decoding: $0.prefix(200), as: UTF8.self) }
    }

    private static func lastLine(_ bytes: [UInt8]) -> String? {
        bytes.split(separator: UInt8(ascii: "\n")).last.map { String(decoding: $0.prefix(300), as: UTF8.self) }
    }
}
