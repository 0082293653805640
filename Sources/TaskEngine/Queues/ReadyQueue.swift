internal import HeapModule
internal import TaskModel

/// Tasks that could start, best first. Removing is lazy: an entry whose ticket is no longer its task's is skipped.
struct ReadyQueue: Sendable {
    struct Entry: Comparable, Sendable {
        let rank: QueueRank
        let id: TaskID
        /// The task's concurrency key: known also when the task is gone, for then the next waiter gets the key.
        let key: String?
        /// Proves that the entry is the task's latest.
        let ticket: UInt64

        static func < (left: Entry, right: Entry) -> Bool { left.rank < right.rank }
        static func == (left: Entry, right: Entry) -> Bool { left.rank == right.rank && left.ticket == right.ticket }
    }

    private var heap = Heap<Entry>()

    var first: Entry? { heap.min }

    mutating func insert(_ entry: Entry) {
        heap.insert(entry)
    }

    mutating func popFirst() -> Entry? {
        heap.popMin()
    }
}
