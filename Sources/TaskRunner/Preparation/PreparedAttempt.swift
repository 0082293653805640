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
    /// Hides the project's secrets in what is printed.
    let mask: SecretMask

    /// Closes what only the child needed.
    func closeChildEnds() {
        for descriptor in spawn.inherited + spawn.groups { close(descriptor) }
    }

    /// Closes everything, where no process was started.
    func discard() {
        closeChildEnds()
        if control >= 0 { close(control) }
    }
}

/// What an attempt has of the machine and must give back.
struct AttemptHoldings: Sendable {
    let workspace: Workspace
    let cgroup: AttemptCgroup?
    let network: AttemptNetwork?
    var gate: AttemptGate?
}
