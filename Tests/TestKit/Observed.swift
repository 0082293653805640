internal import Synchronization

/// A value that other threads change and a test waits on.
public final class Observed<Value: Sendable>: Sendable {
    public struct TimedOut: Error, CustomStringConvertible {
        public let description: String
    }

    private struct Waiter {
        let isMet: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var value: Value
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0
    }

    private let state: Mutex<State>

    public init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    public var value: Value { state.withLock { $0.value } }

    /// Changes the value, and wakes those that waited for what it is now.
    public func change(_ body: (inout Value) -> Void) {
        let met = state.withLock { state in
            body(&state.value)
            let met = state.waiters.filter { $0.value.isMet(state.value) }
            for id in met.keys { state.waiters[id] = nil }
            return met.values.map(\.continuation)
        }
        for continuation in met { continuation.resume(returning: true) }
    }

    /// Waits until the value satisfies `isMet`.
    ///
    /// - Parameters:
    ///   - what: what is waited for, in the words of the failure.
    ///   - seconds: the outer deadline; generous, for it decides nothing but how a failure ends.
    @discardableResult
    public func wait(
        _ what: String, seconds: Int = 120, until isMet: @escaping @Sendable (Value) -> Bool
    ) async throws -> Value {
        let isInTime = await withCheckedContinuation { continuation in
            let id: Int? = state.withLock { state in
                guard !isMet(state.value) else { return nil }
                state.lastWaiter += 1
                state.waiters[state.lastWaiter] = Waiter(isMet: isMet, continuation: continuation)
                return state.lastWaiter
            }
            guard let id else { return continuation.resume(returning: true) }
            Task {
                try? await Task.sleep(for: .seconds(seconds))
                self.state.withLock { $0.waiters.removeValue(forKey: id) }?.continuation.resume(returning: false)
            }
        }
        guard isInTime else { throw TimedOut(description: "not within \(seconds) s: \(what); it is \(value)") }
        return value
    }
}
