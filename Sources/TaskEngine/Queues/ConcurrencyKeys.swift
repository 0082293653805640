internal import TaskModel

/// Who holds which concurrency key, and who waits for it.
struct ConcurrencyKeys: Sendable {
    private var holders: [String: TaskID] = [:]
    private var waiting: [String: ReadyQueue] = [:]

    /// Whether `id` may run under `key` now.
    func isFree(_ key: String, for id: TaskID) -> Bool {
        holders[key] == nil || holders[key] == id
    }

    mutating func take(_ key: String, by id: TaskID) {
        holders[key] = id
    }

    mutating func wait(for key: String, _ entry: ReadyQueue.Entry) {
        waiting[key, default: ReadyQueue()].insert(entry)
    }

    /// Gives the key back. Those that waited for it go to `queue`, which will let the best of them have it.
    mutating func release(_ key: String, by id: TaskID, into queue: inout ReadyQueue) {
        guard holders[key] == id else { return }
        holders[key] = nil
        guard let entry = waiting[key]?.popFirst() else { return }
        queue.insert(entry)
        if waiting[key]?.first == nil { waiting[key] = nil }
    }

    /// The next waiter, when the one that was let go first turned out to be gone.
    mutating func passOn(_ key: String, into queue: inout ReadyQueue) {
        guard holders[key] == nil, let entry = waiting[key]?.popFirst() else { return }
        queue.insert(entry)
        if waiting[key]?.first == nil { waiting[key] = nil }
    }
}
