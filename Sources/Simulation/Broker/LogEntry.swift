internal import TaskModel

enum SimulatedTopic: Int, CaseIterable {
    case requests, confirmations, reports, status, notifications, deadLetters

    init(_ channel: InboundRecord.Channel) {
        switch channel {
        case .requests: self = .requests
        case .confirmations: self = .confirmations
        case .reports: self = .reports
        }
    }
}

/// One partition of one topic.
struct LogPlace: Hashable, Comparable {
    let topic: SimulatedTopic
    let partition: Int32

    static func < (left: LogPlace, right: LogPlace) -> Bool {
        (left.topic.rawValue, left.partition) < (right.topic.rawValue, right.partition)
    }
}

/// What a record says. Inputs are the real bytes; snapshots stay values, as coding them again and again would take most
/// of a run's time. The last check of a run codes them.
enum Payload {
    case inbound(key: [UInt8]?, value: [UInt8]?, headers: [EventHeader])
    case snapshot(TaskSnapshot)
    case owner(OwnershipRecord)
    case notification(id: String)
    case deadLetter(RecordOrigin, ContractViolation.Reason)
    /// The end of a transaction takes an offset of its own.
    case marker
}

struct LogEntry {
    enum State {
        case open, committed, aborted
    }

    let payload: Payload
    let writer: String
    /// True time of the append.
    let appendedAt: Int64
    var state: State
}
