internal import Kafka
internal import TaskEngine
internal import TaskModel

/// What one commit holds, and what is to be done once it has succeeded.
struct CommitBatch {
    /// Written before the snapshots where there is no transaction: a crash in between repeats them with the same ids
    /// and changes no state.
    private(set) var effects: [OutgoingRecord] = []
    private(set) var snapshots: [OutgoingRecord] = []
    /// Attempts to start, to stop and to answer, in order.
    private(set) var afterwards: [Afterwards] = []
    private(set) var notes: [Note] = []
    private(set) var finished: [FinishedUsage] = []
    private(set) var deadLetters: [ContractViolation.Reason] = []
    /// Reports that must not get lost, and which this commit takes in.
    var settledReports: [RunnerReport] = []
    /// Partitions that this commit writes for.
    private(set) var partitions: Set<Int32> = []
    /// Inputs taken in.
    var inputCount = 0

    enum Afterwards {
        case start(AttemptOrder)
        case stop(AttemptRef, StopReason)
        case answer(AttemptRef, question: Int, QuestionAnswer)
    }

    /// Whether there are attempts to start, to stop or to answer, and nothing to write before.
    var isOnlySteps: Bool { effects.isEmpty && snapshots.isEmpty && inputCount == 0 && !afterwards.isEmpty }

    var isEmpty: Bool { effects.isEmpty && snapshots.isEmpty && inputCount == 0 && afterwards.isEmpty }

    mutating func add(_ ownership: OwnershipRecord, of partition: Int32, _ encoder: RecordEncoder) {
        snapshots.append(encoder.ownership(ownership, partition: partition))
        partitions.insert(partition)
    }

    /// Leaves large values of dead letters out, with a header that says so; `false` when there are none. For a broker
    /// whose dead-letter topic takes less than its input topics: the letter without its value is better than a
    /// partition that stands still.
    mutating func omitLargeValues(of deadLetters: String) -> Bool {
        var hasOmitted = false
        for index in effects.indices where effects[index].topic == deadLetters {
            guard let size = effects[index].value?.count, size > Self.largeValue else { continue }
            effects[index].value = nil
            effects[index].headers.append(
                KafkaHeader(name: "__dlq.errors.value-omitted", value: Array(String(size).utf8)))
            hasOmitted = true
        }
        return hasOmitted
    }

    /// Bytes: less than every broker takes by default (1,048,588 with headers and framing).
    private static let largeValue = 900_000

    /// Takes in what the engine of `partition` decided.
    mutating func add(_ effects: [Effect], of partition: Int32, _ encoder: RecordEncoder, now: Timestamp) {
        if !effects.isEmpty { partitions.insert(partition) }
        finished += FinishedUsage.all(in: effects)
        for effect in effects {
            switch effect {
            case .publish(let snapshot): snapshots.append(encoder.snapshot(snapshot, partition: partition))
            case .notify(let notification):
                self.effects.append(encoder.notification(notification, partition: partition))
            case .deadLetter(let record, let violation):
                self.effects.append(encoder.deadLetter(record, violation, at: now))
                deadLetters.append(violation.reason)
            case .forward(let record, let home): self.effects.append(encoder.forward(record, to: home))
            case .start(let order): afterwards.append(.start(order))
            case .stop(let ref, let reason): afterwards.append(.stop(ref, reason))
            case .answer(let ref, let number, let answer):
                afterwards.append(.answer(ref, question: number, answer))
            case .note(let note): notes.append(note)
            }
        }
    }
}
