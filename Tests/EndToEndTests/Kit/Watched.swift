import Foundation
import Synchronization

/// What was waited for did not come.
struct NotInTime: Error, CustomStringConvertible {
    let description: String
}

/// A state that tests wait on: every change wakes those whose condition now holds. No polling, and an outer deadline,
/// which is there only so that a test that fails also ends.
final class Watched<State: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let id: Int
        /// Whether it was satisfied, and told so.
        let tryWith: @Sendable (State) -> Bool
        let giveUp: @Sendable () -> Void
    }

    private struct Storage: Sendable {
        var state: State
        var waiters: [Waiter] = []
        var lastID = 0
    }

    private let storage: Mutex<Storage>

    init(_ state: State) {
        storage = Mutex(Storage(state: state))
    }

    func read<Value: Sendable>(_ body: (State) throws -> Value) rethrows -> Value {
        try storage.withLock { try body($0.state) }
    }

    func change(_ body: (inout State) -> Void) {
        storage.withLock { storage in
            body(&storage.state)
            let state = storage.state
            storage.waiters.removeAll { $0.tryWith(state) }
        }
    }

    /// Waits until `find` finds something in the state.
    @discardableResult
    func until<Value: Sendable>(
        _ what: String, seconds: Double = 120, _ find: @escaping @Sendable (State) -> Value?
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            let id = storage.withLock { storage -> Int? in
                if let value = find(storage.state) {
                    continuation.resume(returning: value)
                    return nil
                }
                storage.lastID += 1
                storage.waiters.append(
                    Waiter(
                        id: storage.lastID,
                        tryWith: { state in
                            guard let value = find(state) else { return false }
                            continuation.resume(returning: value)
                            return true
                        },
                        giveUp: {
                            continuation.resume(throwing: NotInTime(description: "not within \(seconds) s: \(what)"))
                        }))
                return storage.lastID
            }
            guard let id else { return }
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) { [weak self] in self?.expire(id) }
        }
    }

    private func expire(_ id: Int) {
        storage.withLock { storage in
            guard let index = storage.waiters.firstIndex(where: { $0.id == id }) else { return }
            storage.waiters.remove(at: index).giveUp()
        }
    }
}

/// Waits for a condition that nobody signals, such as what HTTP answers.
func eventually(
    _ what: String, seconds: Double = 120, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw NotInTime(description: "not within \(seconds) s: \(what)") }
        try await Task.sleep(for: .milliseconds(50))
    }
}
