internal import Foundation
internal import GRDB
internal import TaskModel

extension TaskCache {
    /// Folds records in, in one transaction with the checkpoint. Folding the same records again, or in other batches,
    /// gives the same.
    public func fold(_ records: [CachedRecord]) throws -> FoldResult {
        try database.write { database in
            var fold = try Fold(database, .heads)
            var changes = try fold.takeAll(records)
            if changes == nil {
                // Something in it cannot be judged by its head: the whole batch is read to the last byte.
                fold = try Fold(database, .wholeRecords)
                changes = try fold.takeAll(records)
            }
            try fold.finish(changes ?? [])
            return fold.result
        }
    }
}

/// One batch under way. Of several snapshots of a task only the last is written, and, where nothing is amiss, only the
/// last is read: to see which that is takes no more than their heads.
private struct Fold {
    enum Reading {
        case heads, wholeRecords
    }

    private struct Pending {
        let old: TaskRow?
        var current: Candidate?
        var isRemoved = false
        /// A tombstone stood before `current`, which is a new task under an old name.
        var wasRemoved = false

        var order: RecordOrder? {
            isRemoved ? nil : current?.order ?? old?.order
        }
    }

    private struct Candidate {
        let order: RecordOrder
        let partition: Int32
        let bytes: [UInt8]
    }

    private struct Place {
        var nextOffset: Int64 = 0
        var epoch: Int64 = 0
        var isOwnerCovered = false
    }

    private let database: Database
    private let reading: Reading
    private var partitions: [Int32: Place] = [:]
    private var pending: [TaskID: Pending] = [:]
    private var order: [TaskID] = []
    private var covered = CoveredDelta()
    private let statements: FoldStatements
    var result = FoldResult()

    init(_ database: Database, _ reading: Reading) throws {
        self.database = database
        self.reading = reading
        let sql = "SELECT partition, next_offset, epoch, is_owner_covered FROM partitions"
        for row in try Row.fetchAll(database, sql: sql) {
            partitions[row[0]] = Place(nextOffset: row[1], epoch: row[2], isOwnerCovered: row[3])
        }
        statements = try FoldStatements(database)
    }

    /// - Returns: what the batch changes, task by task; `nil` when the heads do not tell.
    mutating func takeAll(_ records: [CachedRecord]) throws -> [TaskChange]? {
        for record in records {
            guard try take(record) else { return nil }
        }
        var changes: [TaskChange] = []
        changes.reserveCapacity(order.count)
        for id in order {
            guard let change = pending[id] else { continue }
            var current: TaskChange.Current?
            if let candidate = change.current {
                guard let (named, request, state) = try? TaskSnapshot.parts(of: candidate.bytes), named == id,
                    state.order == candidate.order
                else { return nil }
                let row = TaskRow(request, state, partition: candidate.partition, rowID: change.old?.rowID)
                current = TaskChange.Current(row: row, request: request, state: state, bytes: candidate.bytes)
            }
            changes.append(
                TaskChange(
                    id: id, old: change.old, current: current, isRemoved: change.isRemoved,
                    wasRemoved: change.wasRemoved))
        }
        return changes
    }

    /// - Returns: `false` when the record's head does not tell.
    private mutating func take(_ record: CachedRecord) throws -> Bool {
        var place = partitions[record.partition] ?? Place()
        guard record.offset >= place.nextOffset else {
            result.repeated += 1
            return true
        }
        place.nextOffset = record.offset + 1
        defer { partitions[record.partition] = place }
        guard let key = record.key, let name = String(validating: key, as: UTF8.self) else {
            result.skip(record)
            return true
        }
        if name == OwnershipRecord.key {
            takeOwner(record, &place)
        } else if let id = TaskID(name) {
            return try takeTask(id, record, epoch: place.epoch)
        } else {
            result.skip(record)
        }
        return true
    }

    private mutating func takeOwner(_ record: CachedRecord, _ place: inout Place) {
        guard let value = record.value, let owner = try? OwnershipRecord(json: value) else {
            result.skip(record)
            return
        }
        let isAccepted = owner.epoch > place.epoch
        place.isOwnerCovered = owner.epoch < place.epoch
        place.epoch = max(place.epoch, owner.epoch)
        result.owners.append((record.partition, .init(record: owner, isAccepted: isAccepted)))
    }

    private mutating func takeTask(_ id: TaskID, _ record: CachedRecord, epoch: Int64) throws -> Bool {
        if pending[id] == nil {
            pending[id] = Pending(old: try Row.fetchOne(statements.lookup, arguments: [id.text]).map(TaskRow.init))
            order.append(id)
        }
        guard let value = record.value else {
            result.tombstones += 1
            pending[id]?.isRemoved = true
            pending[id]?.wasRemoved = true
            pending[id]?.current = nil
            covered.set(id, record.partition, false)
            return true
        }
        guard let recordOrder = orderOf(value, id) else {
            result.skip(record)
            return reading == .wholeRecords
        }
        let held = pending[id]?.order
        if recordOrder.epoch < epoch || held.map({ recordOrder < $0 }) == true {
            result.stale.append((record.partition, id))
            covered.set(id, record.partition, true)
        } else if recordOrder == held {
            result.repeated += 1
            covered.set(id, record.partition, false)
        } else {
            covered.set(id, record.partition, false)
            pending[id]?.current = Candidate(order: recordOrder, partition: record.partition, bytes: value)
            pending[id]?.isRemoved = false
        }
        return true
    }

    private func orderOf(_ value: [UInt8], _ id: TaskID) -> RecordOrder? {
        switch reading {
        case .heads: return SnapshotHead(scanning: value)?.order
        case .wholeRecords:
            guard let (named, _, state) = try? TaskSnapshot.parts(of: value), named == id else { return nil }
            return state.order
        }
    }

    mutating func finish(_ changes: [TaskChange]) throws {
        var stats = StatsDelta()
        var usage = UsageDelta()
        for change in changes {
            result.usage += try change.write(to: database, statements, &stats, &usage)
            guard let current = change.current else { continue }
            result.applied.append(AppliedTask(change.id, current.state, partition: current.row.partition))
        }
        try stats.write(to: database)
        try usage.write(to: database)
        try covered.write(to: database)
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO partitions (partition, next_offset, epoch, is_owner_covered)
                VALUES (?, ?, ?, ?)
                """)
        for (partition, place) in partitions.sorted(by: { $0.key < $1.key }) {
            try statement.execute(arguments: [partition, place.nextOffset, place.epoch, place.isOwnerCovered])
        }
    }
}
