internal import Foundation
internal import Synchronization

/// Many readers or one writer.
final class ReadWriteLock: Sendable {
    private let state = Mutex((readers: 0, isWriting: false))
    private let condition = NSCondition()

    func startReading() {
        wait { state in
            guard !state.isWriting else { return false }
            state.readers += 1
            return true
        }
    }

    func stopReading() { change { $0.readers -= 1 } }

    func startWriting() {
        wait { state in
            guard !state.isWriting, state.readers == 0 else { return false }
            state.isWriting = true
            return true
        }
    }

    func stopWriting() { change { $0.isWriting = false } }

    private func wait(_ tryTaking: (inout (readers: Int, isWriting: Bool)) -> Bool) {
        condition.lock()
        while !state.withLock({ tryTaking(&$0) }) { condition.wait() }
        condition.unlock()
    }

    private func change(_ body: (inout (readers: Int, isWriting: Bool)) -> Void) {
        condition.lock()
        state.withLock { body(&$0) }
        condition.broadcast()
        condition.unlock()
    }
}
