import Dispatch
import Synchronization

/// A value that other threads change and tests wait on: every change wakes those whose condition now holds. No polling,
/// and an outer deadline, which is there only so that a test that fails also ends.
public final class Observed<Value: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let id: Int
        /// Whether it was satisfied, and told so.
        let tryWith: @Sendable (Value) -> Bool
        let giveUp: @Sendable (Value) -> Void
    }

    private struct State: Sendable {
        var value: Value
        var waiters: [Waiter] = []
        var lastID = 0
    }

    private let state: Mutex<State>

    public init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    public var value: Value { state.withLock { $0.value } }

    public func read<Part: Sendable>(_ body: (Value) throws -> Part) rethrows -> Part {
        try state.withLock { try body($0.value) }
    }

    /// Changes the value, and wakes those that waited for what it is now.
    public func change(_ body: (inout Value) -> Void) {
        state.withLock { state in
            body(&state.value)
            let value = state.value
            state.waiters.removeAll { $0.tryWith(value) }
        }
    }

    /// Waits until `find` finds something in the value.
    ///
    /// - Parameters:
    ///   - what: what is waited for, in the words of the failure.
    ///   - seconds: the outer deadline; generous, for it decides nothing but how a failure ends.
    /// - Throws: `NotInTime`.
    @discardableResult
    public func until<Found: Sendable>(
        _ what: String, seconds: Double = 120, _ find: @escaping @Sendable (Value) -> Found?
    ) async throws -> Found {
        try await found(find, seconds: seconds) { _ in "not within \(seconds) s: \(what)" }
    }

    /// Waits until the value satisfies `isMet`; a failure shows the whole value.
    ///
    /// - Throws: `NotInTime`.
    @discardableResult
    public func wait(
        _ what: String, seconds: Int = 120, until isMet: @escaping @Sendable (Value) -> Bool
    ) async throws -> Value {
        try await found({ isMet($0) ? $0 : nil }, seconds: Double(seconds)) {
            "not within \(seconds) s: \(what); it is \($0)"
        }
    }

    private func found<Found: Sendable>(
        _ find: @escaping @Sendable (Value) -> Found?, seconds: Double,
        failure: @escaping @Sendable (Value) -> String
    ) async throws -> Found {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Found, any Error>) in
            let id = state.withLock { state -> Int? in
                if let found = find(state.value) {
                    continuation.resume(returning: found)
                    return nil
                }
                state.lastID += 1
                state.waiters.append(
                    Waiter(
                        id: state.lastID,
                        tryWith: { value in
                            guard let found = find(value) else { return false }
                            continuation.resume(returning: found)
                            return true
                        },
                        giveUp: { continuation.resume(throwing: NotInTime(description: failure($0))) }))
                return state.lastID
            }
            guard let id else { return }
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in self?.expire(id) }
        }
    }

    private func expire(_ id: Int) {
        let waiter = state.withLock { state -> (Waiter, Value)? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
            return (state.waiters.remove(at: index), state.value)
        }
        if let (waiter, value) = waiter { waiter.giveUp(value) }
    }
}
