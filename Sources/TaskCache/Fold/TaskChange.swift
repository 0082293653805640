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

    func write(to database: Database, _ statements: FoldStatements, _ stats: inout StatsDelta) throws {
        if let current {
            stats.change(from: old, to: current.row)
            if wasRemoved { try TaskRemoval.remove(id, database) }
            if old == nil || wasRemoved {
                try insert(current, database, statements)
            } else {
                try update(current, statements)
            }
        } else if isRemoved, let old {
            stats.change(from: old, to: nil)
            try TaskRemoval.remove(id, database)
        }
    }

    private func insert(_ current: Current, _ database: Database, _ statements: FoldStatements) throws {
        let row = current.row
        let request = current.request
        try statements.insertion.execute(arguments: [
            id.text, row.partition, row.order.epoch, row.order.version, row.status.rawValue,
            !row.status.isTerminal, row.priority.level, row.projectID, request.requester, row.agent,
            row.gate, request.name, row.createdAt, current.state.updatedAt.milliseconds, row.startedAt,
            row.duration, current.bytes.databaseBlob,
        ])
        try statements.search.execute(arguments: [
            database.lastInsertedRowID, request.name, request.description ?? "", request.command,
        ])
    }

    private func update(_ current: Current, _ statements: FoldStatements) throws {
        let row = current.row
        try statements.change.execute(arguments: [
            row.partition, row.order.epoch, row.order.version, row.status.rawValue, !row.status.isTerminal, row.gate,
            current.state.updatedAt.milliseconds, row.startedAt, row.duration, current.bytes.databaseBlob,
            row.rowID,
        ])
    }
}
