/// What an inbound record says.
public enum InboundMessage: Hashable, Sendable {
    case request(TaskRequest)
    case action(TaskAction)
    case decision(ConfirmationDecision)
    case report(RunnerReport)

    /// Largest value that is read, in bytes. The contract's limits add up to far less; the broker's own default is the
    /// same 1 MiB.
    public static let maximumBytes = 1_048_576

    /// Reads and validates a record. Throws the reason for its dead letter.
    ///
    /// Where the sender is proven, he is the actor, or requester, and the record may not name another one.
    public static func decode(_ record: InboundRecord) throws(ContractViolation) -> InboundMessage {
        let message = try read(record)
        guard let principal = record.authority.principal else { return message }
        return try message.attributed(to: principal)
    }

    private static func read(_ record: InboundRecord) throws(ContractViolation) -> InboundMessage {
        guard let value = record.value else {
            throw ContractViolation(.tombstone, "The record has no value; nothing can be asked with a tombstone.")
        }
        guard value.count <= maximumBytes else {
            throw ContractViolation(
                .tooLarge, "The value has \(value.count) bytes; at most \(maximumBytes) are accepted.")
        }
        let json = try JSONValue.contract(value)
        guard let object = json.objectValue else {
            throw ContractViolation(.notAnObject, "The value must be a JSON object, but is \(json.kind).")
        }
        switch record.channel {
        case .requests where object["action"] != nil && object["command"] == nil && object["name"] == nil:
            return .action(try TaskAction(object))
        case .requests:
            let request = try TaskRequest(object)
            try check(request.command)
            return .request(request)
        case .confirmations:
            return .decision(try ConfirmationDecision(object, actor: record.authority.principal?.subject))
        case .reports: return .report(try RunnerReport(object))
        }
    }

    /// Whether the command can be run without a shell. Checked when a request arrives, not when a snapshot is read: a
    /// rule that is tightened later must not make what was accepted unreadable.
    public static func check(_ command: String) throws(ContractViolation) {
        do throws(CommandLine.Refusal) {
            _ = try CommandLine(command)
        } catch {
            throw ContractViolation(.invalidCommand, field: "command", error.sentence)
        }
    }

    /// The task it is about; `nil` for a request that brings no id.
    public var taskID: TaskID? {
        switch self {
        case .request(let request): request.taskID
        case .action(let action): action.taskID
        case .decision(let decision): decision.taskID
        case .report(let report): report.ref.taskID
        }
    }
}
