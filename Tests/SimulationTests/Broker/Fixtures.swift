import TaskModel

@testable import Simulation

extension LogPlace {
    static let status = LogPlace(topic: .status, partition: 0)
    static let letters = LogPlace(topic: .deadLetters, partition: 0)
}

extension InputPlace {
    static let requests = InputPlace(channel: .requests, partition: 0)
}

extension Payload {
    static func test(_ id: String) -> Payload { .notification(id: id) }
}

extension Broker {
    /// What a reader of committed records sees.
    func visible(_ place: LogPlace = .status) -> [String] {
        log.read(place, from: 0, limit: .max).records.map {
            if case .notification(let id) = $0.payload { id } else { "?" }
        }
    }

    /// Lets `instance` join, and the rebalance end.
    func settle(_ instance: String, at now: Int64) -> MemberProof {
        let member = group.join(instance, at: now)
        group.tick(now)
        return MemberProof(memberID: member, generation: group.generation)
    }
}
