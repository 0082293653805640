internal import Dispatch
internal import Synchronization

/// Runs asynchronous code for a thread that cannot await. It has a queue of its own, so that the caller may well be a
/// thread of the cooperative pool, and even its last one. The code must not wait for anything outside.
final class OwnThread: TaskExecutor {
    private static let shared = OwnThread()
    private let queue = DispatchQueue(label: "dev.pandar.keys")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }

    /// What `body` returns.
    static func result<Value: Sendable>(of body: @escaping @Sendable () async -> Value) -> Value? {
        let answer = Answer<Value>()
        Task(executorPreference: shared) { answer.give(await body()) }
        return answer.wait()
    }

    private final class Answer<Value: Sendable>: Sendable {
        private let value = Mutex<Value?>(nil)
        private let isThere = DispatchSemaphore(value: 0)

        func give(_ value: Value) {
            self.value.withLock { $0 = value }
            isThere.signal()
        }

        func wait() -> Value? {
            isThere.wait()
            return value.withLock { $0 }
        }
    }
}
