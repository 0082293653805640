internal import Logging
internal import TaskCache
internal import TaskEngine
internal import TaskModel
internal import TaskRunner

/// Finds the tasks of a batch that the engines do not hold: in the cache, and, where that is not conclusive, again when
/// the tail has passed the end of the log. Where neither can be asked, it throws: nothing is decided on a guess.
struct Lookup {
    typealias Decoded = (InboundRecord, Result<InboundMessage, ContractViolation>)

    private let loop: OwnerLoop

    init(_ loop: OwnerLoop) {
        self.loop = loop
    }

    func whereabouts(of decoded: [Decoded]) throws -> [Whereabouts] {
        var answers = [Whereabouts](repeating: .here, count: decoded.count)
        let open = decoded.indices.filter { needsLookup(decoded[$0]) }
        guard !open.isEmpty else { return answers }
        var unsettled: [Int] = []
        try look(for: open, decoded, &answers)
        for index in open where answers[index] == .unknown && mustSettle(decoded[index], in: decoded[..<index]) {
            unsettled.append(index)
        }
        if !unsettled.isEmpty {
            guard loop.tail.waitForEnd(of: loop.group) else {
                throw ServiceError(.cache, "The tail has not reached the end of the status topic in time")
            }
            try look(for: unsettled, decoded, &answers)
        }
        return answers
    }

    private func taskID(_ decoded: Decoded) -> TaskID? {
        guard case .success(let message) = decoded.1 else { return nil }
        switch message {
        case .report: return nil
        case .request(let request):
            return request.taskID ?? loop.partitions[decoded.0.partition]?.engine?.derivedID(of: decoded.0)
        case .action, .decision: return message.taskID
        }
    }

    private func needsLookup(_ decoded: Decoded) -> Bool {
        guard let id = taskID(decoded), let engine = loop.partitions[decoded.0.partition]?.engine else { return false }
        return !engine.holds(id)
    }

    /// Whether the tail must catch up before the task may be called unknown. A task whose request stands before it in
    /// the same batch is about to be known; nobody waits for one whose sender is not believed.
    private func mustSettle(_ decoded: Decoded, in earlier: ArraySlice<Decoded>) -> Bool {
        guard !decoded.0.authority.isRefused, case .success(let message) = decoded.1, let id = message.taskID,
            let engine = loop.partitions[decoded.0.partition]?.engine, engine.mustSettle(message, from: decoded.0)
        else { return false }
        return !earlier.contains {
            if case .success(.request(let request)) = $0.1 { request.taskID == id } else { false }
        }
    }

    private func look(for open: [Int], _ decoded: [Decoded], _ answers: inout [Whereabouts]) throws {
        let found = try loop.cache.tasks(ids: open.compactMap { taskID(decoded[$0]) })
        let now = Timestamp.now
        for index in open {
            let partition = decoded[index].0.partition
            guard let id = taskID(decoded[index]), let task = found[id] else {
                answers[index] = .unknown
                continue
            }
            if task.partition == partition {
                loop.partitions[partition]?.admit(task.snapshot, now: now)
                answers[index] = .here
            } else {
                answers[index] = .elsewhere(task.partition)
            }
        }
    }
}
