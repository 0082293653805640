import TaskEngine
import TaskModel

/// What an engine said to one input, by kind.
struct Effects {
    /// All but the alerts, which tell operators of other effects once a minute and are no part of a decision.
    let all: [Effect]
    let alerts: [Notification]

    init(_ effects: [Effect]) {
        all = effects.filter { Self.alert($0) == nil }
        alerts = effects.compactMap(Self.alert)
    }

    private static func alert(_ effect: Effect) -> Notification? {
        guard case .notify(let notification) = effect, notification.kind == .systemAlert else { return nil }
        return notification
    }

    var isEmpty: Bool { all.isEmpty }

    var published: [TaskSnapshot] {
        all.compactMap { effect -> TaskSnapshot? in
            guard case .publish(let snapshot) = effect else { return nil }
            return snapshot
        }
    }
    var notifications: [Notification] {
        all.compactMap { effect -> Notification? in
            guard case .notify(let notification) = effect else { return nil }
            return notification
        }
    }
    var deadLetters: [(record: InboundRecord, violation: ContractViolation)] {
        all.compactMap { effect -> (record: InboundRecord, violation: ContractViolation)? in
            guard case .deadLetter(let record, let violation) = effect else { return nil }
            return (record, violation)
        }
    }
    var reasons: [ContractViolation.Reason] { deadLetters.map(\.violation.reason) }
    var forwards: [(record: InboundRecord, partition: Int32)] {
        all.compactMap { effect -> (record: InboundRecord, partition: Int32)? in
            guard case .forward(let record, let partition) = effect else { return nil }
            return (record, partition)
        }
    }
    var orders: [AttemptOrder] {
        all.compactMap { effect -> AttemptOrder? in
            guard case .start(let order) = effect else { return nil }
            return order
        }
    }
    /// The tasks that start, in their order.
    var started: [TaskID] { orders.map(\.ref.taskID) }
    var stopped: [AttemptRef] {
        all.compactMap { effect -> AttemptRef? in
            guard case .stop(let ref, .cancelled) = effect else { return nil }
            return ref
        }
    }
    var notes: [Note] {
        all.compactMap { effect -> Note? in
            guard case .note(let note) = effect else { return nil }
            return note
        }
    }
    /// The status that the last published snapshot tells.
    var status: TaskStatus? { published.last?.state.status }
}
