internal import Dispatch
internal import Logging

/// What the brokers of all attempts share.
struct GateServices: Sendable {
    let workspaces: WorkspaceStore
    let logger: Logger
    /// `nil` where attempts have no sandbox.
    var acts: ActHost?
    /// Calls of git that attempts have done at a time: they compute outside of any attempt's limits.
    let turns = DispatchSemaphore(value: 8)
}
