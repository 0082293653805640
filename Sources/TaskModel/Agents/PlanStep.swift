/// One step of an agent's own plan.
public struct PlanStep: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case pending
        case inProgress = "in_progress"
        case completed
    }

    public var step: String
    public var status: Status

    /// Steps of a plan that a record keeps, and characters (Unicode scalars) of each.
    public static let limit = 50
    public static let textLimit = 200

    public init(step: String, status: Status) {
        self.step = step.prefix(scalars: Self.textLimit)
        self.status = status
    }

    /// As snapshots, reports and events carry it.
    public var json: JSONValue { ["step": .string(step), "status": .string(status.rawValue)] }

    /// `nil` for what is no step.
    public init?(_ value: JSONValue) {
        guard let object = value.objectValue, let step = object["step"]?.stringValue,
            let status = object["status"]?.stringValue.flatMap(Status.init)
        else { return nil }
        self.init(step: step, status: status)
    }

    static func list(_ value: JSONValue?) -> [PlanStep] {
        (value?.arrayValue ?? []).prefix(limit).compactMap(PlanStep.init)
    }
}
