internal import Agents
internal import EgressProxy
internal import Foundation
internal import Logging
internal import TaskModel

/// Makes what attempts need before they can start, and takes it back after them. Blocks: for threads of its own.
final class AttemptPreparer: Sendable {
    let settings: RunnerSettings
    private let workspaces: WorkspaceStore
    let proxy: EgressProxy?
    private let queues: [DispatchQueue]
    /// `nil` where attempts have no sandbox, or `pandar-gate` is not there.
    let acceptor: GateAcceptor?
    let services: GateServices
    private let removals = DispatchQueue(label: "attempt-removal")
    private let logger: Logger

    init(settings: RunnerSettings, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        var store = WorkspaceSettings(
            root: settings.workDirectory, keptLimitBytes: settings.keptLimitBytes,
            fetchSeconds: settings.fetchSeconds)
        let hasHosts = settings.agents.agents.contains { !$0.hosts.isEmpty }
        proxy =
            if case .sandbox(_, let catalog) = settings.isolation, hasHosts || catalog.hasNetwork {
                EgressProxy()
            } else {
                nil
            }
        switch settings.isolation {
        case .none: store.staysInPlace = true
        case .sandbox(let host, _): store.isShared = host.identity != nil
        }
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
    func release(_ holdings: AttemptHoldings, _ outcome: WorkspaceOutcome) {
        // Beside the preparations: those that wait for a slot must not wait for what another has left.
        removals.async { [workspaces] in
            holdings.network?.close()
            holdings.gate?.stop()
            holdings.gate?.finish(seconds: 15)
            workspaces.remove(holdings.workspace, outcome)
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
        let task = try AttemptTask(order, settings)
        if task.agent != nil, let breach = task.budget.breach(TokenUsage()) {
            throw SpawnError(description: breach, failure: .budgetExceeded)
        }
        let metadata = task.request.metadata
        let rules = GateRules(catalog: settings.gates, names: metadata.gates, policy: order.spec.approvalPolicy)
        let secrets = try SecretSet(task.project, credentials: task.agent?.credentials ?? []) {
            acceptor != nil && rules.withholds(secret: $0)
        }
        // What the attempt before has left may be on its way to where this one looks for it.
        if order.resumption != nil { removals.sync {} }
        let workspace: Workspace
        do throws(WorkspaceError) {
            workspace = try workspaces.prepare(
                order.ref, task.project, owner: owner(label), reuses: order.resumption != nil,
                isReusable: task.agent?.resumesSessions ?? false)
        } catch {
            throw SpawnError(description: error.message)
        }
        for warning in workspace.warnings { logger.warning("\(warning)", metadata: ["attempt": "\(order.ref)"]) }
        do throws(SpawnError) {
            switch settings.isolation {
            case .none: return try unisolated(task, workspace, secrets)
            case .sandbox(let host, let catalog):
                let gate = try gate(order, workspace, rules, host, label: label, mailbox)
                do throws(SpawnError) {
                    return try isolated(task, workspace, secrets, host, catalog, gate, label: label)
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
    func owner(_ label: UInt64) -> FileOwner? {
        guard case .sandbox(let host, _) = settings.isolation else { return nil }
        return host.identity(of: label).map { FileOwner(user: $0.uid, group: $0.gid) }
    }
}

extension WorkspaceOutcome {
    /// - Parameters:
    ///   - failure: what a failed attempt calls for.
    ///   - isReusable: whether a later attempt may go on in the workspace.
    init(_ outcome: AttemptOutcome, _ failure: AttemptFailure?, isReusable: Bool) {
        self =
            switch outcome {
            case .completed: .succeeded
            // It is tried again, and its agent goes on where it was.
            case .failed where isReusable && failure?.cause == .transient: .interrupted
            case .failed, .timedOut: .failed
            case .interrupted, .lost: .interrupted
            case .cancelled: .cancelled
            }
    }
}
