/// Why an input cannot be accepted, or an action or decision was refused. It becomes the dead letter's reason.
public struct ContractViolation: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed set of reasons, as they stand in `__dlq.errors.reason`.
    public enum Reason: String, Sendable, CaseIterable {
        case tombstone
        case emptyRecord = "empty_record"
        case tooLarge = "too_large"
        case invalidJSON = "invalid_json"
        case invalidUTF8 = "invalid_utf8"
        case loneSurrogate = "lone_surrogate"
        case tooDeep = "too_deep"
        case duplicateField = "duplicate_field"
        case notAnObject = "not_an_object"
        case missingField = "missing_field"
        case wrongType = "wrong_type"
        case outOfRange = "out_of_range"
        case invalidValue = "invalid_value"
        case invalidTaskID = "invalid_task_id"
        case invalidTime = "invalid_time"
        case invalidCommand = "invalid_command"
        /// The command policy blocks it.
        case commandRefused = "command_refused"
        /// No project of that number is configured.
        case unknownProject = "unknown_project"
        /// No gate of that name is defined.
        case unknownGate = "unknown_gate"
        case unknownAction = "unknown_action"
        case unknownTask = "unknown_task"
        case unknownConfirmation = "unknown_confirmation"
        case actionRefused = "action_refused"
        case decisionRefused = "decision_refused"
        case misrouted
        /// Tokens are asked for, and there is none, or none that counts.
        case unauthorized
        /// The token counts, but does not allow this.
        case forbidden
    }

    public let reason: Reason
    /// The field by its path (`metadata.timeout_sec`), where there is one.
    public let field: String?
    /// One sentence: what is wrong and what is allowed. Never carries the value of a field that can hold secrets.
    public let message: String

    public init(_ reason: Reason, field: String? = nil, _ message: String) {
        self.reason = reason
        self.field = field
        self.message = message
    }

    public var description: String { "\(reason.rawValue): \(message)" }

    /// A JSON error as a reason of its own.
    public init(_ error: JSONError) {
        let reason: Reason =
            switch error.code {
            case .empty: .emptyRecord
            case .syntax: .invalidJSON
            case .invalidUTF8: .invalidUTF8
            case .loneSurrogate: .loneSurrogate
            case .tooDeep: .tooDeep
            case .duplicateMember: .duplicateField
            }
        self.init(reason, "The value is not JSON that can be read: \(error).")
    }
}
