internal import CommandPolicy
internal import TaskModel

/// The tasks that the engine holds. They lie in one array with free places: a dictionary of large values would leave up
/// to half of its memory empty.
struct TaskTable: Sendable {
    struct Entry: Sendable {
        var snapshot: TaskSnapshot
        /// Order of arrival, for ties in rank.
        let sequence: UInt64
        /// Valid queue entries and timers carry this number; a new one makes all older ones void.
        var ticket: UInt64 = 0
        /// When a foreign runner's silence has lasted too long.
        var leaseDeadline: Timestamp?
        /// Waits for the echo of its `running` snapshot.
        var pendingStart: AttemptOrder?
        /// Wait for the echo of the snapshot that holds the use.
        var pendingAnswers: [TaskState.Answer] = []
        /// The attempt waits for a decision and is told none any more: it was told to stop, or its end is only not taken in
        /// yet.
        var isLeaving = false
        /// What the command policy said; `nil` where it was not asked yet. Both are the same for the engine's life.
        var verdict: PolicyVerdict?
        /// Neither the command policy nor a gate had anything against it at its acceptance.
        var isCleared = false
        /// When the latest snapshot went out.
        var publishedAt: Timestamp
    }

    private var index: [TaskID: Int] = [:]
    private var places: [StoredEntry?] = []
    private var free: [Int] = []

    var count: Int { index.count }
    var ids: Dictionary<TaskID, Int>.Keys { index.keys }

    func contains(_ id: TaskID) -> Bool { index[id] != nil }

    subscript(id: TaskID) -> Entry? {
        index[id].flatMap { places[$0]?.entry }
    }

    /// For those who ask for no more: a whole entry is a dozen references to copy.
    func snapshot(of id: TaskID) -> TaskSnapshot? {
        index[id].flatMap { places[$0]?.snapshot }
    }

    /// As `snapshot`.
    func ticket(of id: TaskID) -> UInt64? {
        index[id].flatMap { places[$0]?.ticket }
    }

    mutating func insert(_ entry: Entry) {
        let id = entry.snapshot.id
        if let place = index[id] {
            places[place] = StoredEntry(entry)
        } else if let place = free.popLast() {
            index[id] = place
            places[place] = StoredEntry(entry)
        } else {
            index[id] = places.count
            places.append(StoredEntry(entry))
        }
    }

    /// As `snapshot`; `false` where there is no such task.
    func isCleared(_ id: TaskID) -> Bool {
        index[id].flatMap { places[$0]?.isCleared } ?? false
    }

    /// Changes the entry of `id`, if there is one.
    mutating func update(_ id: TaskID, _ change: (inout Entry) -> Void) {
        if let place = index[id] { places[place]?.update(change) }
    }

    /// Gives the entry of `id` another ticket, if there is one.
    mutating func renew(_ id: TaskID, ticket: UInt64) {
        if let place = index[id] { places[place]?.renew(ticket: ticket) }
    }

    mutating func remove(_ id: TaskID) {
        guard let place = index.removeValue(forKey: id) else { return }
        places[place] = nil
        free.append(place)
    }

    /// Every held task, in no particular order.
    var snapshots: some Sequence<TaskSnapshot> {
        places.lazy.compactMap { $0?.snapshot }
    }
}
