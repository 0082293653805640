internal import Foundation
internal import Synchronization

/// Takes the connections of all attempts: one thread, however many listen.
final class GateAcceptor: Sendable {
    private let poll: EventPoll
    private let state = Mutex<(attempts: [UInt64: AttemptGate], last: UInt64, isEnded: Bool)>(([:], 0, false))

    init() throws(SpawnError) {
        guard let poll = EventPoll() else {
            throw SpawnError(description: "epoll is not to be had: \(String(cString: strerror(errno)))")
        }
        self.poll = poll
        let thread = Thread { [self] in
            while turn() {}
        }
        thread.name = "gates"
        thread.start()
    }

    private func turn() -> Bool {
        for token in poll.wait(seconds: 60) where token != EventPoll.wakeToken {
            state.withLock { $0.attempts[token] }?.acceptAll()
        }
        return state.withLock { !$0.isEnded }
    }

    /// - Returns: what `remove` wants.
    func add(_ gate: AttemptGate) -> UInt64 {
        let token = state.withLock { state in
            state.last += 1
            state.attempts[state.last] = gate
            return state.last
        }
        poll.add(gate.socket.descriptor, token: token)
        return token
    }

    func remove(_ token: UInt64) {
        guard let gate = state.withLock({ $0.attempts.removeValue(forKey: token) }) else { return }
        poll.remove(gate.socket.descriptor)
    }

    func end() {
        state.withLock { $0.isEnded = true }
        poll.wake()
    }
}
