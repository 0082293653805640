internal import GRDB
internal import TaskModel

/// The columns of a task beside its snapshot.
struct TaskRow: Equatable {
    var rowID: Int64?
    var partition: Int32
    var order: RecordOrder
    var status: TaskStatus
    var priority: TaskPriority
    var projectID: Int64
    var agent: String?
    var gate: String?
    var createdAt: Int64
    var startedAt: Int64?
    var duration: Int64?

    static let columns =
        "id, partition, epoch, version, status, priority, project_id, agent, gate, created_at, started_at, duration"

    init(_ request: TaskRequest, _ state: TaskState, partition: Int32, rowID: Int64?) {
        self.rowID = rowID
        self.partition = partition
        order = state.order
        status = state.status
        priority = request.priority
        projectID = request.projectID
        agent = request.metadata.agent
        gate = state.confirmation?.gate
        createdAt = state.createdAt.milliseconds
        startedAt = state.startedAt?.milliseconds
        duration = state.status.isTerminal ? state.result.duration : nil
    }

    init(_ row: Row) {
        rowID = row[0]
        partition = row[1]
        order = RecordOrder(epoch: row[2], version: row[3])
        status = TaskStatus(rawValue: row[4]) ?? .pending
        priority = TaskPriority.allCases.first { $0.level == row[5] } ?? .medium
        projectID = row[6]
        agent = row[7]
        gate = row[8]
        createdAt = row[9]
        startedAt = row[10]
        duration = row[11]
    }
}
