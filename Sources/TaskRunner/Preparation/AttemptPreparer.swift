internal import CProcess
internal import EgressProxy
internal import Foundation
internal import Logging
internal import TaskModel

/// Makes what attempts need before they can start, and takes it back after them. Blocks: for threads of its own.
final class AttemptPreparer: Sendable {
    private let settings: RunnerSettings
    private let workspaces: WorkspaceStore
    private let proxy: EgressProxy?
    private let queues: [DispatchQueue]
    /// `nil` where attempts have no sandbox, or `pandar-gate` is not there.
    private let acceptor: GateAcceptor?
    private let services: GateServices
    private let removals = DispatchQueue(label: "attempt-removal")
    private let logger: Logger

    init(settings: RunnerSettings, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        var store = WorkspaceSettings(
            root: settings.workDirectory, keptLimitBytes: settings.keptLimitBytes,
            fetchSeconds: settings.fetchSeconds)
        proxy =
            if case .sandbox(_, let catalog) = settings.isolation, catalog.hasNetwork { EgressProxy() } else { nil }
        if case .sandbox(let host, _) = settings.isolation { store.isShared = host.identity != nil }
        workspaces = try WorkspaceStore(store, logger: logger)
        var services = GateServices(workspaces: workspaces, logger: logger)
        if case .sandbox(let host, let catalog) = settings.isolation {
            services.acts = ActHost(
                host: host, catalog: catalog, proxy: proxy, path: settings.path,
                graceSeconds: settings.killGraceSeconds)
        }
        self.services = services
        acceptor =
            if case .sandbox(let host, _) = settings.isolation, host.gateProgram != nil { try GateAcceptor() } else {
                nil
            }
        workspaces.removeMirrors(unusedBy: settings.projects)
        queues = (0..<max(2, ProcessInfo.processInfo.activeProcessorCount)).map {
            DispatchQueue(label: "attempt-preparation-\($0)")
        }
    }

    /// Prepares beside the caller and tells what came of it.
    func prepare(
        _ order: AttemptOrder, label: UInt64, mailbox: ReactorMailbox,
        then tell: @escaping @Sendable (Result<PreparedAttempt, SpawnError>) -> Void
    ) {
        queues[Int(label % UInt64(queues.count))].async { [self] in
            tell(Result { () throws(SpawnError) in try prepare(order, label: label, mailbox) })
        }
    }

    /// Gives back beside the caller what an attempt had.
    func release(_ holdings: AttemptHoldings, _ outcome: AttemptOutcome) {
        // Beside the preparations: those that wait for a slot must not wait for what another has left.
        removals.async { [workspaces] in
            holdings.network?.close()
            holdings.gate?.stop()
            holdings.gate?.finish(seconds: 15)
            workspaces.remove(holdings.workspace, WorkspaceOutcome(outcome))
            holdings.cgroup?.removeWhenEmpty()
        }
    }

    /// Waits until everything that was asked for is done, and ends.
    func end() {
        for queue in queues + [removals] { queue.sync {} }
        workspaces.finishRemovals()
        proxy?.shutdown()
        acceptor?.end()
    }

    private func prepare(
        _ order: AttemptOrder, label: UInt64, _ mailbox: ReactorMailbox
    ) throws(SpawnError) -> PreparedAttempt {
        let request: TaskRequest
        let words: [String]
        do {
            request = try order.spec.request()
            words = try CommandLine(request.command).words
        } catch {
            throw SpawnError(description: "the command cannot be run: \(error)")
        }
        guard let project = settings.projects.project(order.spec.projectID) else {
            throw SpawnError(
                description: "project \(order.spec.projectID) is not known here; name it in the projects' file")
        }
        let demand = try Self.demand(request)
        let rules = GateRules(
            catalog: settings.gates, names: request.metadata.gates, policy: order.spec.approvalPolicy)
        let secrets = try SecretSet(project) { acceptor != nil && rules.withholds(secret: $0) }
        let workspace: Workspace
        do throws(WorkspaceError) {
            workspace = try workspaces.prepare(order.ref, project, owner: owner(label))
        } catch {
            throw SpawnError(description: error.message)
        }
        for warning in workspace.warnings { logger.warning("\(warning)", metadata: ["attempt": "\(order.ref)"]) }
        do throws(SpawnError) {
            switch settings.isolation {
            case .none: return unisolated(order, words, workspace, demand, secrets)
            case .sandbox(let host, let catalog):
                let gate = try gate(order, workspace, rules, host, label: label, mailbox)
                do throws(SpawnError) {
                    return try isolated(order, words, workspace, demand, secrets, host, catalog, gate, label: label)
                } catch {
                    gate?.stop()
                    throw error
                }
            }
        } catch {
            workspaces.remove(workspace, .cancelled)
            throw error
        }
    }

    /// Who gets the workspace of an attempt; `nil`: the service's own user.
    private func owner(_ label: UInt64) -> FileOwner? {
        guard case .sandbox(let host, _) = settings.isolation else { return nil }
        return host.identity(of: label).map { FileOwner(user: $0.uid, group: $0.gid) }
    }

    private func unisolated(
        _ order: AttemptOrder, _ words: [String], _ workspace: Workspace, _ demand: SandboxDemand?,
        _ secrets: SecretSet
    ) -> PreparedAttempt {
        var environment = environment(order, allowed: []).merging(secrets.environment) { $1 }
        environment["HOME"] = workspace.home
        var limits = demand?.limits ?? SandboxLimits()
        limits.diskMB = min(limits.diskMB ?? .max, workspace.project.diskLimitMB)
        return PreparedAttempt(
            spawn: SpawnPlan(
                words: words, environment: environment, directory: workspace.directory, path: settings.path,
                hasTerminal: demand?.hasTerminal ?? false, takesTerminal: demand?.hasTerminal ?? false),
            holdings: AttemptHoldings(workspace: workspace, cgroup: nil, network: nil), control: -1,
            limits: limits, mask: secrets.mask)
    }

    private func isolated(
        _ order: AttemptOrder, _ words: [String], _ workspace: Workspace, _ demand: SandboxDemand?,
        _ secrets: SecretSet, _ host: SandboxHost, _ catalog: SandboxCatalog, _ gate: AttemptGate?, label: UInt64
    ) throws(SpawnError) -> PreparedAttempt {
        var profile: SandboxProfile
        do {
            profile = try catalog.profile(
                project: workspace.project.sandboxProfile, agent: order.spec.agent, demand: demand)
        } catch {
            throw SpawnError(description: "no sandbox: \(error)")
        }
        profile.limits.diskMB = min(profile.limits.diskMB ?? .max, workspace.project.diskLimitMB)
        if profile.limits.cpus != nil, host.cgroups?.holds(.cpu) != true {
            throw SpawnError(
                description: "a limit of CPU share cannot be held here: there is no cgroup for it; leave limits.cpu "
                    + "out, or give the service a delegated cgroup")
        }
        let network = try network(profile, host, label: label)
        let holdings: AttemptHoldings
        var control: [Int32] = [-1, -1]
        do throws(SpawnError) {
            let cgroup = try host.cgroups.map { tree throws(SpawnError) in
                try tree.make(String(label), limits: profile.limits)
            }
            holdings = AttemptHoldings(workspace: workspace, cgroup: cgroup, network: network, gate: gate)
            guard pandar_control_pair(&control) == 0 else {
                _ = cgroup?.remove()
                throw SpawnError(description: "no socket for the sandbox: \(String(cString: strerror(errno)))")
            }
        } catch {
            network?.close()
            throw error
        }
        var plan = SandboxPlan(
            profile: profile, words: words, workspace: workspace.directory, home: workspace.home,
            egressSocket: network?.listener.socketPath, identity: host.identity(of: label))
        if let gate { plan.gate = try GateView(gate, workspace, profile, host) }
        return PreparedAttempt(
            spawn: SpawnPlan(
                words: [host.bubblewrap] + plan.arguments(host).dropFirst(),
                environment: environment(order, allowed: profile.environment)
                    .merging(secrets.environment) { $1 }.merging(plan.environment(path: settings.path)) { $1 },
                directory: "/", path: settings.path, inherited: [control[1]],
                groups: holdings.cgroup?.openEntrances() ?? [], hasTerminal: profile.hasTerminal),
            holdings: holdings, control: control[0], limits: profile.limits, mask: secrets.mask)
    }

    private func network(
        _ profile: SandboxProfile, _ host: SandboxHost, label: UInt64
    ) throws(SpawnError) -> AttemptNetwork? {
        guard !profile.network.isEmpty, let proxy else { return nil }
        return try AttemptNetwork(proxy, hosts: profile.network, socketPath: host.socketPath(String(label)))
    }

    /// The broker of an attempt that has something to ask it: a repository, a secret, a program that a gate looks at.
    private func gate(
        _ order: AttemptOrder, _ workspace: Workspace, _ rules: GateRules, _ host: SandboxHost, label: UInt64,
        _ mailbox: ReactorMailbox
    ) throws(SpawnError) -> AttemptGate? {
        guard let acceptor else { return nil }
        let project = workspace.project
        var hasRepository = false
        if case .repository = project.source { hasRepository = true }
        guard hasRepository || !project.secrets.isEmpty || !project.acts.isEmpty || !rules.programs.isEmpty else {
            return nil
        }
        return try AttemptGate(
            order: order, workspace: workspace, label: label, rules: rules,
            socketPath: host.socketPath("\(label)-gate"), services: services, mailbox: mailbox, acceptor: acceptor)
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
        for name in allowed { environment[name] = getenv(name).map { String(cString: $0) } }
        environment["PANDAR_TASK_ID"] = order.ref.taskID.text
        environment["PANDAR_ATTEMPT"] = String(order.ref.attempt)
        environment["TRACEPARENT"] = order.traceparent
        return environment
    }
}

extension WorkspaceOutcome {
    fileprivate init(_ outcome: AttemptOutcome) {
        self =
            switch outcome {
            case .completed: .succeeded
            case .failed, .timedOut: .failed
            case .interrupted, .lost: .interrupted
            case .cancelled: .cancelled
            }
    }
}
