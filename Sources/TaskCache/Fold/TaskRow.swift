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
    /// Whether an attempt has used anything of a model: then other tables know of it too.
    var hasUsage: Bool
    /// Questions that proxy agents have answered.
    var answers: Int64
    var recoveredBy: String?

    static let columns = """
        id, partition, epoch, version, status, priority, project_id, agent, gate, created_at, started_at, duration,
        has_usage, answers, recovered_by
        """

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
        hasUsage = state.attempts.contains { !$0.usage.isEmpty }
        answers = state.attempts.reduce(0) { $0 + Int64($1.answers) }
        recoveredBy = state.recoveredBy
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
        hasUsage = row[12]
        answers = row[13]
        recoveredBy = row[14]
    }
}
