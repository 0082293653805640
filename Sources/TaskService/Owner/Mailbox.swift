internal import Foundation

/// A queue from many threads to the owner's one. Taking blocks the thread until there is something or the time is up;
/// it must not be called on the cooperative pool.
final class Mailbox<Element: Sendable>: @unchecked Sendable {
    // Unchecked: all mutable state is guarded by `condition`.
    private let condition = NSCondition()
    private var elements: [Element] = []

    func post(_ element: Element) {
        condition.lock()
        elements.append(element)
        condition.signal()
        condition.unlock()
    }

    /// All that has been posted, in order; empty when `deadline` passed before anything was.
    func take(until deadline: Date) -> [Element] {
        condition.lock()
        defer { condition.unlock() }
        while elements.isEmpty {
            guard condition.wait(until: deadline) else { break }
        }
        let taken = elements
        elements.removeAll(keepingCapacity: taken.count < 4096)
        return taken
    }
}

/// Lets one thread wait for another to have done something, once.
final class Latch: @unchecked Sendable {
    // Unchecked: `isOpen` is guarded by `condition`.
    private let condition = NSCondition()
    private var isOpen = false

    func open() {
        condition.lock()
        isOpen = true
        condition.broadcast()
        condition.unlock()
    }

    /// Whether it was opened within `seconds`.
    @discardableResult
    func wait(seconds: Double) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.lock()
        defer { condition.unlock() }
        while !isOpen {
            guard condition.wait(until: deadline) else { return isOpen }
        }
        return true
    }
}
