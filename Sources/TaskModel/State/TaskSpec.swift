/// An accepted request as the engine keeps it: what decides about starting, and the rest as encoded JSON.
///
/// A task lives through several snapshots that all repeat the request. Its members are encoded once, at acceptance;
/// 100,000 pending tasks must fit in 200 MB, so the texts are not held a second time.
public final class TaskSpec: Sendable {
    public let id: TaskID
    public let projectID: Int64
    public let priority: TaskPriority
    public let approvalPolicy: ApprovalPolicy
    public let scheduledAt: Timestamp?
    /// Seconds; `nil` where the request leaves it to the configuration.
    public let timeoutSeconds: Int?
    /// `nil` where the request leaves it to the configuration.
    public let maxRetries: Int?
    public let concurrencyKey: String?
    public let requester: String?
    public let agent: String?
    /// Notification channels.
    public let notify: [String]
    /// The members of the request as JSON without braces, `task_id` first.
    public let members: [UInt8]

    /// Accepts `request` under `id`.
    public init(_ request: TaskRequest, id: TaskID) {
        var request = request
        request.taskID = id
        self.id = id
        projectID = request.projectID
        priority = request.priority
        approvalPolicy = request.metadata.approvalPolicy ?? .auto
        scheduledAt = request.scheduledAt
        timeoutSeconds = request.metadata.timeoutSeconds
        maxRetries = request.metadata.maxRetries
        concurrencyKey = request.metadata.concurrencyKey
        requester = request.requester
        agent = request.metadata.agent
        notify = request.metadata.notify
        var writer = JSONWriter(capacity: 512)
        request.write(to: &writer)
        // Copied into memory of just its size: it is held as long as the task.
        members = writer.bytes.withUnsafeBufferPointer { Array($0) }
    }

    /// The whole request, decoded again.
    public func request() throws(ContractViolation) -> TaskRequest {
        let value = try JSONValue.contract([UInt8(ascii: "{")] + members + [UInt8(ascii: "}")])
        return try TaskRequest(value.objectValue ?? JSONObject())
    }
}

extension JSONValue {
    /// Reads a value; what is wrong with it comes as a violation of the contract.
    static func contract(_ bytes: [UInt8]) throws(ContractViolation) -> JSONValue {
        do throws(JSONError) {
            return try JSONParser.parse(bytes)
        } catch {
            throw ContractViolation(error)
        }
    }
}

extension TaskSpec: Equatable {
    public static func == (left: TaskSpec, right: TaskSpec) -> Bool { left.members == right.members }
}
