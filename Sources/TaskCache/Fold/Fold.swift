internal import Foundation
internal import GRDB
internal import TaskModel

extension TaskCache {
    /// Folds records in, in one transaction with the checkpoint. Folding the same records again, or in other batches,
    /// gives the same.
    public func fold(_ records: [CachedRecord]) throws -> FoldResult {
        try database.write { database in
            var fold = try Fold(database)
            for record in records { try fold.take(record) }
            try fold.finish()
            return fold.result
        }
    }
}

/// One batch under way. Of several snapshots of a task only the last is written.
private struct Fold {
    private struct Pending {
        let old: TaskRow?
        var current: (row: TaskRow, snapshot: TaskSnapshot, bytes: [UInt8])?
        /// The texts that are searched, for a task that is not in the table yet.
        var request: TaskRequest?
        var isRemoved = false
        /// A tombstone stood before `current`, which is a new task under an old name.
        var wasRemoved = false

        var order: RecordOrder? {
            isRemoved ? nil : current?.row.order ?? old?.order
        }
    }

    private struct Place {
        var nextOffset: Int64 = 0
        var epoch: Int64 = 0
        var isOwnerCovered = false
    }

    private let database: Database
    private var partitions: [Int32: Place] = [:]
    private var pending: [TaskID: Pending] = [:]
    private var order: [TaskID] = []
    private var stats = StatsDelta()
    private var covered = CoveredDelta()
    private let statements: FoldStatements
    var result = FoldResult()

    init(_ database: Database) throws {
        self.database = database
        let sql = "SELECT partition, next_offset, epoch, is_owner_covered FROM partitions"
        for row in try Row.fetchAll(database, sql: sql) {
            partitions[row[0]] = Place(nextOffset: row[1], epoch: row[2], isOwnerCovered: row[3])
        }
        statements = try FoldStatements(database)
    }

    mutating func take(_ record: CachedRecord) throws {
        var place = partitions[record.partition] ?? Place()
        guard record.offset >= place.nextOffset else {
            result.repeated += 1
            return
        }
        place.nextOffset = record.offset + 1
        defer { partitions[record.partition] = place }
        guard let key = record.key, let name = String(validating: key, as: UTF8.self) else {
            result.invalid += 1
            return
        }
        if name == OwnershipRecord.key {
            takeOwner(record, &place)
        } else if let id = TaskID(name) {
            try takeTask(id, record, epoch: place.epoch)
        } else {
            result.invalid += 1
        }
    }

    private mutating func takeOwner(_ record: CachedRecord, _ place: inout Place) {
        guard let value = record.value, let owner = try? OwnershipRecord(json: value) else {
            result.invalid += 1
            return
        }
        let isAccepted = owner.epoch > place.epoch
        place.isOwnerCovered = owner.epoch < place.epoch
        place.epoch = max(place.epoch, owner.epoch)
        result.owners.append((record.partition, .init(record: owner, isAccepted: isAccepted)))
    }

    private mutating func takeTask(_ id: TaskID, _ record: CachedRecord, epoch: Int64) throws {
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
            return
        }
        guard let (snapshot, request) = try? TaskSnapshot.decode(value), snapshot.id == id else {
            result.invalid += 1
            return
        }
        let held = pending[id]?.order
        if snapshot.state.epoch < epoch || held.map({ snapshot.order < $0 }) == true {
            result.stale.append((record.partition, snapshot))
            covered.set(id, record.partition, true)
        } else if snapshot.order == held {
            result.repeated += 1
            covered.set(id, record.partition, false)
        } else {
            covered.set(id, record.partition, false)
            let row = TaskRow(snapshot, partition: record.partition, rowID: pending[id]?.old?.rowID)
            pending[id]?.current = (row, snapshot, value)
            if pending[id]?.old == nil || pending[id]?.wasRemoved == true { pending[id]?.request = request }
            pending[id]?.isRemoved = false
            result.applied.append((record.partition, snapshot))
        }
    }

    mutating func finish() throws {
        for id in order {
            guard let change = pending[id] else { continue }
            if let current = change.current {
                stats.change(from: change.old, to: current.row)
                if change.wasRemoved { try TaskRemoval.remove(id, database) }
                if change.old == nil || change.wasRemoved {
                    try insert(current.row, current.snapshot, current.bytes, change.request)
                } else {
                    try update(current.row, current.snapshot, current.bytes)
                }
            } else if change.isRemoved, let old = change.old {
                stats.change(from: old, to: nil)
                try TaskRemoval.remove(id, database)
            }
        }
        try stats.write(to: database)
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

    private func insert(
        _ row: TaskRow, _ snapshot: TaskSnapshot, _ bytes: [UInt8], _ request: TaskRequest?
    ) throws {
        try statements.insertion.execute(arguments: [
            snapshot.id.text, row.partition, row.order.epoch, row.order.version, row.status.rawValue,
            !row.status.isTerminal, row.priority.level, row.projectID, snapshot.spec.requester, row.agent, row.gate,
            request?.name ?? "", row.createdAt, snapshot.state.updatedAt.milliseconds, row.startedAt, row.duration,
            bytes.databaseBlob,
        ])
        try statements.search.execute(arguments: [
            database.lastInsertedRowID, request?.name ?? "", request?.description ?? "", request?.command ?? "",
        ])
    }

    private func update(_ row: TaskRow, _ snapshot: TaskSnapshot, _ bytes: [UInt8]) throws {
        try statements.change.execute(arguments: [
            row.partition, row.order.epoch, row.order.version, row.status.rawValue, !row.status.isTerminal, row.gate,
            snapshot.state.updatedAt.milliseconds, row.startedAt, row.duration, bytes.databaseBlob, row.rowID,
        ])
    }
}
