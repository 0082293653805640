internal import TaskEngine
internal import TaskModel

/// What one commit holds, and what follows when it has succeeded.
struct Batch {
    enum Afterwards {
        case start(AttemptOrder)
        case stop(AttemptRef, StopReason)
        case answer(AttemptRef, question: Int, QuestionAnswer)
    }

    typealias Outgoing = (place: LogPlace, payload: Payload)

    /// Notifications, dead letters, forwards.
    private(set) var effects: [Outgoing] = []
    /// Snapshots and ownership records.
    private(set) var states: [Outgoing] = []
    private(set) var afterwards: [Afterwards] = []
    var settledReports: [ReportKey] = []
    var inputCount = 0

    /// Whether there are attempts to start or to stop, and nothing to write before.
    var isOnlySteps: Bool { effects.isEmpty && states.isEmpty && inputCount == 0 && !afterwards.isEmpty }

    var isEmpty: Bool { effects.isEmpty && states.isEmpty && afterwards.isEmpty && inputCount == 0 }
    var count: Int { effects.count + states.count }

    mutating func claim(_ record: OwnershipRecord, _ partition: Int32) {
        states.append((LogPlace(topic: .status, partition: partition), .owner(record)))
    }

    mutating func add(_ produced: [Effect], of partition: Int32) {
        for effect in produced {
            switch effect {
            case .publish(let snapshot):
                states.append((LogPlace(topic: .status, partition: partition), .snapshot(snapshot)))
            // No invariant is about alerts; without them a seed's run stays what it was.
            case .notify(let notification) where notification.kind == .systemAlert: break
            case .notify(let notification):
                effects.append(
                    (LogPlace(topic: .notifications, partition: partition), .notification(id: notification.id)))
            case .deadLetter(let record, let violation):
                effects.append(
                    (LogPlace(topic: .deadLetters, partition: partition), .deadLetter(record.origin, violation.reason)))
            case .forward(let record, let home):
                let route = EventHeader(InboundRecord.routedHeader, record.origin.description)
                effects.append(
                    (
                        LogPlace(topic: SimulatedTopic(record.channel), partition: home),
                        .inbound(key: record.key, value: record.value, headers: record.headers + [route])
                    ))
            case .start(let order): afterwards.append(.start(order))
            case .stop(let ref, let reason): afterwards.append(.stop(ref, reason))
            case .answer(let ref, let number, let answer):
                afterwards.append(.answer(ref, question: number, answer))
            case .note: break
            }
        }
    }
}

/// A commit under way, one record after the other.
struct Commit {
    enum Stage {
        case records, echo, offsets, decision
    }

    let batch: Batch
    let records: [Batch.Outgoing]
    let offsets: [InputPlace: Int]
    let proof: MemberProof
    /// Local time: what the runner's leases count from.
    let startedAt: Int64
    var next = 0
    var stage = Stage.records
    /// Where the log ended after the last record of each partition of the status topic.
    var ends: [Int32: Int] = [:]
}
