internal import Foundation
internal import Synchronization

/// A thread that runs one step again and again until it is stopped. Steps block for a while at most.
final class PollThread: @unchecked Sendable {
    // Unchecked: `Thread` is not Sendable; it is started once and never touched again.
    private let isStopping = Atomic(false)
    private let ended = NSCondition()
    private var hasEnded = false

    /// Starts the thread. `step` holds what it works on; it is let go when the thread ends.
    ///
    /// - Parameter last: done once after the last step.
    init(name: String, step: @escaping @Sendable () -> Void, last: (@Sendable () -> Void)? = nil) {
        let thread = Thread { [self] in
            while !isStopping.load(ordering: .acquiring) { autoreleasepool(step) }
            last?()
            ended.lock()
            hasEnded = true
            ended.broadcast()
            ended.unlock()
        }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    var isStopped: Bool { isStopping.load(ordering: .acquiring) }

    /// Asks the thread to end after its current step, without waiting.
    func stop() {
        isStopping.store(true, ordering: .releasing)
    }

    /// Waits until the thread has ended. Must not be called on it.
    func join() {
        stop()
        ended.lock()
        while !hasEnded { ended.wait() }
        ended.unlock()
    }
}

/// Apple's systems drain a pool per turn; Linux has none.
private func autoreleasepool(_ body: () -> Void) {
    body()
}
