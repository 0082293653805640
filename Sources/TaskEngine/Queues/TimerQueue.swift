internal import HeapModule
internal import TaskModel

/// Moments at which something is due for a task. Removing is lazy, by ticket.
struct TimerQueue: Sendable {
    struct Entry: Comparable, Sendable {
        let deadline: Timestamp
        let id: TaskID
        let ticket: UInt64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.deadline, left.ticket) < (right.deadline, right.ticket)
        }
        static func == (left: Entry, right: Entry) -> Bool { left.ticket == right.ticket }
    }

    private var heap = Heap<Entry>()

    var first: Entry? { heap.min }

    mutating func insert(_ entry: Entry) {
        heap.insert(entry)
    }

    /// The next entry that is due at `now`.
    mutating func popDue(at now: Timestamp) -> Entry? {
        guard let first = heap.min, first.deadline <= now else { return nil }
        return heap.popMin()
    }
}
