internal import CProcess
internal import Foundation
internal import TaskModel

/// An attempt whose process can be started: everything that takes time has been done.
struct PreparedAttempt: Sendable {
    let spawn: SpawnPlan
    let holdings: AttemptHoldings
    /// The runner's end of the talk with init; -1 without a sandbox.
    let control: Int32
    let limits: SandboxLimits
    /// Hides the project's secrets and the agents' credentials in what is printed and told.
    let mask: SecretMask
    /// The talk with the agent's driver; `nil` where there is none.
    var agent: AgentTalk?

    /// Closes what only the child needed.
    func closeChildEnds() {
        for descriptor in spawn.inherited + spawn.groups { close(descriptor) }
    }

    /// Closes everything, where no process was started.
    func discard() {
        closeChildEnds()
        if control >= 0 { close(control) }
        if let agent { close(agent.descriptor) }
    }
}

/// What an attempt has of the machine and must give back.
struct AttemptHoldings: Sendable {
    let workspace: Workspace
    let cgroup: AttemptCgroup?
    let network: AttemptNetwork?
    var gate: AttemptGate?
}
