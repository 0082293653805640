internal import CProcess
internal import Foundation

/// Waits for descriptors, each with a number for a token, and can be woken.
final class EventPoll: Sendable {
    /// epoll and the eventfd that wakes it.
    private let descriptors: [Int32]

    /// The token of `wake`.
    static let wakeToken = UInt64.max

    init?() {
        var descriptors: [Int32] = [-1, -1]
        guard pandar_poll_make(&descriptors) == 0 else { return nil }
        self.descriptors = descriptors
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }

    func add(_ descriptor: Int32, token: UInt64) {
        _ = pandar_poll_add(descriptors[0], descriptor, token)
    }

    func remove(_ descriptor: Int32) {
        _ = pandar_poll_remove(descriptors[0], descriptor)
    }

    /// Wakes the waiting thread.
    func wake() {
        _ = pandar_poll_wake(descriptors)
    }

    /// The tokens of what is ready; none when `seconds` have passed.
    func wait(seconds: Double) -> [UInt64] {
        var tokens = [UInt64](repeating: 0, count: 128)
        let milliseconds = Int32(min(max(seconds * 1000, 0).rounded(.up), 60_000))
        let count = pandar_poll_wait(descriptors, &tokens, Int32(tokens.count), milliseconds)
        return count > 0 ? Array(tokens[..<Int(count)]) : []
    }
}
