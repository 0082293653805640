internal import CProcess
internal import Foundation
internal import TaskModel

/// Makes what attempts need before they can start, and takes it back after them. Blocks: for threads of its own.
final class AttemptPreparer: Sendable {
    private let settings: RunnerSettings
    private let workDirectory: WorkDirectory
    private let queues: [DispatchQueue]

    init(settings: RunnerSettings) throws {
        self.settings = settings
        workDirectory = try WorkDirectory(settings.workDirectory)
        queues = (0..<max(2, ProcessInfo.processInfo.activeProcessorCount)).map {
            DispatchQueue(label: "attempt-preparation-\($0)")
        }
    }

    /// Prepares beside the caller and tells what came of it.
    func prepare(
        _ order: AttemptOrder, label: UInt64, then tell: @escaping @Sendable (Result<PreparedAttempt, SpawnError>) -> Void
    ) {
        queues[Int(label % UInt64(queues.count))].async { [self] in
            tell(Result { () throws(SpawnError) in try prepare(order, label: label) })
        }
    }

    /// Gives back beside the caller what an attempt had.
    func release(_ holdings: AttemptHoldings, label: UInt64) {
        queues[Int(label % UInt64(queues.count))].async { [workDirectory] in
            workDirectory.remove(holdings.directory)
            // The last processes may still be on their way out.
            for _ in 0..<200 where holdings.cgroup?.remove() == false { usleep(5000) }
        }
    }

    /// Waits until everything that was asked for is done.
    func drain() {
        for queue in queues { queue.sync {} }
        workDirectory.drain()
    }

    private func prepare(_ order: AttemptOrder, label: UInt64) throws(SpawnError) -> PreparedAttempt {
        let words: [String]
        let request: TaskRequest
        do {
            request = try order.spec.request()
            words = try CommandLine(request.command).words
        } catch {
            throw SpawnError(description: "the command cannot be run: \(error)")
        }
        let directory = try workDirectory.make(order.ref)
        do throws(SpawnError) {
            switch settings.isolation {
            case .none: return try unisolated(order, request, words, directory)
            case .sandbox(let host, let catalog):
                return try isolated(order, request, words, directory, host, catalog, label: label)
            }
        } catch {
            workDirectory.remove(directory)
            throw error
        }
    }

    private func unisolated(
        _ order: AttemptOrder, _ request: TaskRequest, _ words: [String], _ directory: String
    ) throws(SpawnError) -> PreparedAttempt {
        let demand = try Self.demand(request)
        var environment = environment(order, allowed: [])
        environment["HOME"] = directory
        return PreparedAttempt(
            spawn: SpawnPlan(
                words: words, environment: environment, directory: directory, path: settings.path,
                hasTerminal: demand?.hasTerminal ?? false, takesTerminal: demand?.hasTerminal ?? false),
            holdings: AttemptHoldings(directory: directory, cgroup: nil), control: -1,
            limits: demand?.limits ?? SandboxLimits())
    }

    private func isolated(
        _ order: AttemptOrder, _ request: TaskRequest, _ words: [String], _ directory: String, _ host: SandboxHost,
        _ catalog: SandboxCatalog, label: UInt64
    ) throws(SpawnError) -> PreparedAttempt {
        let profile: SandboxProfile
        do {
            profile = try catalog.profile(project: nil, agent: order.spec.agent, demand: Self.demand(request))
        } catch {
            throw SpawnError(description: "no sandbox: \(error)")
        }
        let plan = SandboxPlan(
            profile: profile, words: words, workspace: "\(directory)/workspace", home: "\(directory)/home",
            egressSocket: nil, identity: host.identity)
        for path in [plan.workspace, plan.home] {
            guard mkdir(path, 0o700) == 0, host.own(path) else {
                throw SpawnError(description: "no directory \(path): \(String(cString: strerror(errno)))")
            }
        }
        if profile.limits.cpus != nil, host.cgroups?.holds(.cpu) != true {
            throw SpawnError(
                description: "a limit of CPU share cannot be held here: there is no cgroup for it; leave limits.cpu "
                    + "out, or give the service a delegated cgroup")
        }
        let cgroup = try host.cgroups.map { tree throws(SpawnError) in
            try tree.make(String(label), limits: profile.limits)
        }
        var control: [Int32] = [-1, -1]
        guard pandar_control_pair(&control) == 0 else {
            _ = cgroup?.remove()
            throw SpawnError(description: "no socket for the sandbox: \(String(cString: strerror(errno)))")
        }
        return PreparedAttempt(
            spawn: SpawnPlan(
                words: [host.bubblewrap] + plan.arguments(host).dropFirst(),
                environment: environment(order, allowed: profile.environment)
                    .merging(plan.environment) { $1 },
                directory: "/", path: settings.path, inherited: [control[1]],
                groups: cgroup?.openEntrances() ?? [], hasTerminal: profile.hasTerminal),
            holdings: AttemptHoldings(directory: directory, cgroup: cgroup), control: control[0],
            limits: profile.limits)
    }

    private static func demand(_ request: TaskRequest) throws(SpawnError) -> SandboxDemand? {
        do throws(ContractViolation) {
            return try request.metadata.sandbox.map { object throws(ContractViolation) in try SandboxDemand(object) }
        } catch {
            throw SpawnError(description: error.message)
        }
    }

    /// What every attempt finds, and of the service's own variables only those that are `allowed`.
    private func environment(_ order: AttemptOrder, allowed: [String]) -> [String: String] {
        var environment = [
            "PATH": settings.path, "LANG": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1", "GIT_TERMINAL_PROMPT": "0",
            "DEBIAN_FRONTEND": "noninteractive",
        ]
        let own = ProcessInfo.processInfo.environment
        for name in allowed { environment[name] = own[name] }
        environment["PANDAR_TASK_ID"] = order.ref.taskID.text
        environment["PANDAR_ATTEMPT"] = String(order.ref.attempt)
        environment["TRACEPARENT"] = order.traceparent
        return environment
    }
}
