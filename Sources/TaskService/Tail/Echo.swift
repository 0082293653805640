internal import TaskModel

/// A snapshot that stands in the log, with no later owner's claim before it.
struct Echo: Sendable {
    let partition: Int32
    let id: TaskID
    let order: RecordOrder
}
