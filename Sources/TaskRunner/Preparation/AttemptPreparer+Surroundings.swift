internal import Agents
internal import CProcess
internal import EgressProxy
internal import Foundation
internal import TaskModel

/// What an attempt has around it: a sandbox, a network, a gate broker, the driver of its agent, variables.
extension AttemptPreparer {
    func unisolated(
        _ task: AttemptTask, _ workspace: Workspace, _ secrets: SecretSet
    ) throws(SpawnError) -> PreparedAttempt {
        let demand = task.demand
        var limits = demand?.limits ?? SandboxLimits()
        limits.diskMB = min(limits.diskMB ?? .max, workspace.project.diskLimitMB)
        let beside = settings.agentProgram.isEmpty ? SandboxHost.ownDirectory + "/pandar-agent" : settings.agentProgram
        let launch = try launch(
            task, workspace,
            AgentLaunch.Places(directory: workspace.directory, home: workspace.home, reports: 3), owner: nil,
            program: SandboxHost.executable(beside))
        var environment = environment(task.order, allowed: []).merging(secrets.environment) { $1 }
        environment["HOME"] = workspace.home
        return PreparedAttempt(
            spawn: SpawnPlan(
                words: launch.map { [$0.program, $0.order] } ?? task.words,
                environment: environment, directory: workspace.directory, path: settings.path,
                inherited: launch.map { [$0.reports.driver] } ?? [], hasTerminal: demand?.hasTerminal ?? false,
                takesTerminal: demand?.hasTerminal ?? false),
            holdings: AttemptHoldings(workspace: workspace, cgroup: nil, network: nil), control: -1,
            limits: limits, mask: secrets.mask, agent: task.talk(launch))
    }

    func isolated(
        _ task: AttemptTask, _ workspace: Workspace, _ secrets: SecretSet, _ host: SandboxHost,
        _ catalog: SandboxCatalog, _ gate: AttemptGate?, label: UInt64
    ) throws(SpawnError) -> PreparedAttempt {
        let profile = try profile(task, host, catalog)
        let launch = try launch(
            task, workspace,
            AgentLaunch.Places(directory: Mount.workspace, home: Mount.home, reports: SandboxPlan.reports),
            owner: owner(label), program: host.agentProgram)
        do throws(SpawnError) {
            let network = try network(profile, host, label: label)
            var plan = SandboxPlan(
                profile: profile, words: launch == nil ? task.words : AgentView.words,
                workspace: workspace.directory, home: workspace.home, egressSocket: network?.listener.socketPath,
                identity: host.identity(of: label))
            plan.agent = launch.map { AgentView($0) }
            let holdings: AttemptHoldings
            var control: [Int32] = [-1, -1]
            do throws(SpawnError) {
                if let gate { plan.gate = try GateView(gate, workspace, profile, host) }
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
            let environment = environment(task.order, allowed: profile.environment)
                .merging(secrets.environment) { $1 }.merging(plan.environment(path: settings.path)) { $1 }
            return PreparedAttempt(
                spawn: SpawnPlan(
                    words: [host.bubblewrap] + plan.arguments(host).dropFirst(), environment: environment,
                    directory: "/", path: settings.path,
                    inherited: [control[1]] + (launch.map { [$0.reports.driver] } ?? []),
                    groups: holdings.cgroup?.openEntrances() ?? [], hasTerminal: profile.hasTerminal),
                holdings: holdings, control: control[0], limits: profile.limits, mask: secrets.mask,
                agent: task.talk(launch))
        } catch {
            launch?.discard()
            throw error
        }
    }

    /// The profile of the attempt's sandbox: the project's or the agent's, with the agent's hosts, tightened by the request.
    private func profile(
        _ task: AttemptTask, _ host: SandboxHost, _ catalog: SandboxCatalog
    ) throws(SpawnError) -> SandboxProfile {
        var profile: SandboxProfile
        do {
            profile = try catalog.profile(
                project: task.project.sandboxProfile, agent: task.agent?.name ?? task.order.spec.agent,
                agentProfile: task.agent?.definition.sandboxProfile, hosts: task.agent?.hosts ?? [],
                demand: task.demand)
        } catch {
            throw SpawnError(description: "no sandbox: \(error)")
        }
        profile.limits.diskMB = min(profile.limits.diskMB ?? .max, task.project.diskLimitMB)
        if profile.limits.cpus != nil, host.cgroups?.holds(.cpu) != true {
            throw SpawnError(
                description: "a limit of CPU share cannot be held here: there is no cgroup for it; leave limits.cpu "
                    + "out, or give the service a delegated cgroup")
        }
        return profile
    }

    /// What the driver of the attempt's agent needs; `nil` where the attempt has no agent.
    private func launch(
        _ task: AttemptTask, _ workspace: Workspace, _ places: AgentLaunch.Places, owner: FileOwner?, program: String?
    ) throws(SpawnError) -> AgentLaunch? {
        guard let agent = task.agent else { return nil }
        return try AgentLaunch(
            agent, task.request, task.order.resumption, workspace, places, owner: owner, program: program,
            graceSeconds: settings.killGraceSeconds)
    }

    private func network(
        _ profile: SandboxProfile, _ host: SandboxHost, label: UInt64
    ) throws(SpawnError) -> AttemptNetwork? {
        guard !profile.network.isEmpty, let proxy else { return nil }
        return try AttemptNetwork(proxy, hosts: profile.network, socketPath: host.socketPath(String(label)))
    }

    /// The broker of an attempt that has something to ask it: a repository, a secret, a program that a gate looks at.
    func gate(
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
