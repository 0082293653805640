internal import TaskModel

/// An entry as it lies in the table.
///
/// Nearly all of 100,000 tasks wait for their first start, and there is little to say of one: it is kept in a tenth of
/// the memory that a whole state takes up, and the whole is made of it when somebody asks.
enum StoredEntry: Sendable {
    case waiting(WaitingEntry)
    case other(EntryBox)

    init(_ entry: TaskTable.Entry) {
        self = if let waiting = WaitingEntry(entry) { .waiting(waiting) } else { .other(EntryBox(entry)) }
    }

    var entry: TaskTable.Entry {
        switch self {
        case .waiting(let waiting): waiting.entry
        case .other(let box): box.entry
        }
    }

    var snapshot: TaskSnapshot {
        switch self {
        case .waiting(let waiting): waiting.snapshot
        case .other(let box): box.entry.snapshot
        }
    }

    var ticket: UInt64 {
        switch self {
        case .waiting(let waiting): waiting.ticket
        case .other(let box): box.entry.ticket
        }
    }

    var isCleared: Bool {
        switch self {
        case .waiting(let waiting): waiting.isCleared
        case .other(let box): box.entry.isCleared
        }
    }

    /// Gives it another ticket; no whole entry need be made for that.
    mutating func renew(ticket: UInt64) {
        guard case .waiting(var waiting) = self else { return update { $0.ticket = ticket } }
        waiting.ticket = ticket
        self = .waiting(waiting)
    }

    mutating func update(_ change: (inout TaskTable.Entry) -> Void) {
        switch consume self {
        case .waiting(let waiting):
            var entry = waiting.entry
            change(&entry)
            self = StoredEntry(entry)
        case .other(var box):
            if !isKnownUniquelyReferenced(&box) { box = EntryBox(box.entry) }
            change(&box.entry)
            self = WaitingEntry(box.entry).map(StoredEntry.waiting) ?? .other(box)
        }
    }
}

/// A whole entry, beside the array so that the others need no room for it.
final class EntryBox: @unchecked Sendable {
    // Unchecked: it is changed only where there is one reference to it.
    fileprivate(set) var entry: TaskTable.Entry

    init(_ entry: TaskTable.Entry) {
        self.entry = entry
    }
}

/// A task of which nothing is known but that it was accepted.
struct WaitingEntry: Sendable {
    private let spec: TaskSpec
    private let createdAt: Timestamp
    private let updatedAt: Timestamp
    private let publishedAt: Timestamp
    private let version: Int64
    private let epoch: Int64
    private let sequence: UInt64
    fileprivate(set) var ticket: UInt64
    let isCleared: Bool
    private let traceparent: String?
    private let sandbox: SandboxMode?

    /// `nil` when there is more to the entry than can be kept here.
    init?(_ entry: TaskTable.Entry) {
        let state = entry.snapshot.state
        guard state.status == .pending, entry.leaseDeadline == nil, entry.pendingStart == nil,
            entry.pendingAnswers.isEmpty
        else { return nil }
        spec = entry.snapshot.spec
        createdAt = state.createdAt
        updatedAt = state.updatedAt
        publishedAt = entry.publishedAt
        version = state.version
        epoch = state.epoch
        sequence = entry.sequence
        ticket = entry.ticket
        isCleared = entry.isCleared
        traceparent = state.traceparent
        sandbox = state.sandbox
        guard self.state == state else { return nil }
    }

    private var state: TaskState {
        var state = TaskState(createdAt: createdAt, epoch: epoch, traceparent: traceparent)
        state.version = version
        state.updatedAt = updatedAt
        state.sandbox = sandbox
        return state
    }

    var snapshot: TaskSnapshot { TaskSnapshot(spec: spec, state: state) }

    var entry: TaskTable.Entry {
        TaskTable.Entry(
            snapshot: snapshot, sequence: sequence, ticket: ticket,
            isCleared: isCleared, publishedAt: publishedAt)
    }
}
