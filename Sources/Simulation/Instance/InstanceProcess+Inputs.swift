internal import TaskEngine
internal import TaskModel

/// Records of the input topics.
extension InstanceProcess {
    func readInputs() {
        let open = partitions.keys.sorted().filter { partitions[$0]?.engine != nil }
        var places = open.flatMap { id in InboundRecord.Channel.allCases.map { (channel: $0, id: id) } }
        while !places.isEmpty {
            let place = places.remove(at: environment.random.below(places.count))
            let source = LogPlace(topic: SimulatedTopic(place.channel), partition: place.id)
            let position = partitions[place.id]?.positions[place.channel] ?? 0
            let (records, next) = broker.log.read(source, from: position, limit: 1 + environment.random.below(4))
            partitions[place.id]?.positions[place.channel] = next
            guard !records.isEmpty else { continue }
            settle(decode(records, place.channel, place.id))
            return
        }
    }

    private func decode(
        _ records: [(offset: Int, payload: Payload)], _ channel: InboundRecord.Channel, _ partition: Int32
    ) -> Decoded {
        records.compactMap { offset, payload in
            guard case .inbound(let key, let value, let headers) = payload else { return nil }
            let record = InboundRecord(
                channel: channel, topic: channel.rawValue, partition: partition, offset: Int64(offset), key: key,
                value: value, headers: headers, timestamp: now)
            do throws(ContractViolation) {
                return (record, .success(try InboundMessage.decode(record)))
            } catch {
                return (record, .failure(error))
            }
        }
    }

    /// Handles records, or waits first until the tail can tell of their tasks.
    private func settle(_ decoded: Decoded) {
        let isOpen = decoded.indices.contains { mustSettle(decoded[$0], after: decoded[..<$0]) }
        guard isOpen else {
            handle(decoded)
            return
        }
        var ends: [Int32: Int] = [:]
        for id in 0..<Timing.partitions { ends[id] = broker.log.end(LogPlace(topic: .status, partition: id)) }
        activity = .settling(decoded, ends: ends)
    }

    private func mustSettle(_ decoded: Decoded.Element, after earlier: Decoded.SubSequence) -> Bool {
        guard case .success(let message) = decoded.message, let id = message.taskID, disk.fold.tasks[id] == nil,
            let engine = partitions[decoded.record.partition]?.engine, engine.mustSettle(message, from: decoded.record)
        else { return false }
        return !earlier.contains {
            if case .success(.request(let request)) = $0.message { request.taskID == id } else { false }
        }
    }

    func handle(_ decoded: Decoded) {
        for (record, message) in decoded {
            guard partitions[record.partition]?.engine != nil else { continue }
            let whereabouts = whereabouts(record, message)
            note("takes in \(record.channel.rawValue)/\(record.partition)/\(record.offset)")
            let input = Input.record(record, message, whereabouts)
            add(partitions[record.partition]?.handle(input, now: now) ?? [], record.partition)
            batch.inputCount += 1
        }
    }

    private func whereabouts(
        _ record: InboundRecord, _ message: Result<InboundMessage, ContractViolation>
    ) -> Whereabouts {
        guard case .success(let message) = message, let engine = partitions[record.partition]?.engine else {
            return .here
        }
        if case .report = message { return .here }
        let id = message.taskID ?? engine.derivedID(of: record)
        if engine.holds(id) { return .here }
        guard let held = disk.fold.tasks[id] else { return .unknown }
        guard held.partition == record.partition else { return .elsewhere(held.partition) }
        admit(id, record.partition)
        return .here
    }
}
