internal import Foundation
internal import GRDB
internal import TaskModel

/// What a batch makes of one task.
struct TaskChange {
    struct Current {
        let row: TaskRow
        let request: TaskRequest
        let state: TaskState
        let bytes: [UInt8]
    }

    let id: TaskID
    let old: TaskRow?
    /// The snapshot that became the current one, if any did.
    let current: Current?
    let isRemoved: Bool
    /// A tombstone stood before `current`, which is a new task under an old name.
    let wasRemoved: Bool

    /// - Returns: what the task's attempts have used; empty for a task that is gone.
    func write(
        to database: Database, _ statements: FoldStatements, _ stats: inout StatsDelta, _ usage: inout UsageDelta
    ) throws -> [AttemptUsage] {
        var used: [AttemptUsage] = []
        let hadUsage = old?.hasUsage ?? false
        if let current {
            stats.change(from: old, to: current.row)
            if current.row.hasUsage { used = AttemptUsage.all(id, current.request, current.state) }
            if hadUsage || !used.isEmpty { try usage.replace(id, with: used, hasRows: hadUsage, in: database) }
            if wasRemoved { try TaskRemoval.remove(id, database) }
            if old == nil || wasRemoved {
                try insert(current, database, statements)
            } else {
                try update(current, statements)
            }
        } else if isRemoved, let old {
            stats.change(from: old, to: nil)
            if hadUsage { try usage.replace(id, with: [], hasRows: true, in: database) }
            try TaskRemoval.remove(id, database)
        }
        return used
    }

    private func insert(_ current: Current, _ database: Database, _ statements: FoldStatements) throws {
        let row = current.row
        let request = current.request
        try statements.insertion.execute(arguments: [
            id.text, row.partition, row.order.epoch, row.order.version, row.status.rawValue,
            !row.status.isTerminal, row.priority.level, row.projectID, request.requester, row.agent,
            row.gate, request.name, row.createdAt, current.state.updatedAt.milliseconds, row.startedAt,
            row.duration, row.hasUsage, row.answers, row.recoveredBy, current.bytes.databaseBlob,
        ])
        try statements.search.execute(arguments: [
            database.lastInsertedRowID, request.name, request.description ?? "", request.command,
        ])
    }

    private func update(_ current: Current, _ statements: FoldStatements) throws {
        let row = current.row
        try statements.change.execute(arguments: [
            row.partition, row.order.epoch, row.order.version, row.status.rawValue, !row.status.isTerminal, row.gate,
            current.state.updatedAt.milliseconds, row.startedAt, row.duration, row.hasUsage, row.answers,
            row.recoveredBy, current.bytes.databaseBlob, row.rowID,
        ])
    }
}
