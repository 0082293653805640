internal import TaskModel

/// Those outside: producers, users, approvers. They know what is on the topics, and make mistakes.
struct Actors {
    private let environment: Environment
    private var sentBytes: [[UInt8]] = []
    private var knownIDs: [TaskID] = []
    private var count = 0

    init(_ environment: Environment) {
        self.environment = environment
    }

    mutating func act() {
        count += 1
        switch environment.random.below(100) {
        case 0..<55: sendRequest()
        case 55..<62: sendAgain()
        case 62..<66: sendMalformed()
        case 66..<82: sendAction()
        default: sendDecision()
        }
    }

    private func send(
        _ value: [UInt8]?, _ channel: InboundRecord.Channel, _ partition: Int32, as input: InputLedger.Sent
    ) {
        let place = LogPlace(topic: SimulatedTopic(channel), partition: partition)
        let origin = RecordOrigin(
            topic: channel.rawValue, partition: partition, offset: Int64(environment.broker.log.end(place)))
        environment.checks.inputs.sent(input, as: origin)
        environment.broker.append(
            .inbound(key: nil, value: value, headers: []), to: place, by: "producer", at: environment.now)
        environment.note("an actor sends \(origin)")
    }

    private func anyPartition() -> Int32 {
        Int32(environment.random.below(Int(Timing.partitions)))
    }

    /// Most clients hash as the service does; some do not.
    private func partition(for key: String) -> Int32 {
        environment.random.chance(75)
            ? Partitioner.murmur2.partition(of: key, count: Timing.partitions) : anyPartition()
    }

    private mutating func sendRequest() {
        let random = { [environment] (percent: Int) in environment.random.chance(percent) }
        var request = TaskRequest(name: "task \(count)", command: "work \(count)", projectID: 1)
        request.taskID = random(70) ? TaskID("t-\(count)") : nil
        request.priority = environment.random.pick(TaskPriority.allCases) ?? .medium
        request.createdBy = random(50) ? .string("alice") : nil
        if random(15) {
            let delay = environment.random.within(0...4000)
            request.scheduledAt = Timestamp(milliseconds: Timing.start + environment.now + delay)
        }
        request.metadata.approvalPolicy = random(25) ? .manual : nil
        let gated = environment.options.gated
        if gated > 0, request.metadata.approvalPolicy == nil, random(gated) {
            request.metadata.approvalPolicy = .autoWithGates
            request.metadata.gates = SimulatedGates.names
        }
        request.metadata.maxRetries = environment.random.below(3)
        request.metadata.concurrencyKey = random(30) ? "key-\(environment.random.below(2))" : nil
        if let id = request.taskID { knownIDs.append(id) }
        var writer = JSONWriter(capacity: 256)
        writer.object { request.write(to: &$0) }
        sentBytes.append(writer.bytes)
        let key = request.metadata.concurrencyKey ?? request.taskID?.text
        send(writer.bytes, .requests, key.map(partition) ?? anyPartition(), as: .request(request.taskID))
    }

    /// A producer that repeats itself, perhaps to another partition.
    private mutating func sendAgain() {
        guard let bytes = environment.random.pick(sentBytes), let text = try? JSONParser.parse(bytes).objectValue,
            let request = try? TaskRequest(text)
        else { return }
        let key = request.metadata.concurrencyKey ?? request.taskID?.text
        send(bytes, .requests, key.map(partition) ?? anyPartition(), as: .request(request.taskID))
    }

    private func sendMalformed() {
        let values: [[UInt8]?] = [
            nil, [], Array("{".utf8), Array("[]".utf8), Array(#"{"name":"x"}"#.utf8),
            Array(#"{"task_id":"a b","action":"start"}"#.utf8), [0xFF, 0xFE],
        ]
        let channel: InboundRecord.Channel = environment.random.chance(70) ? .requests : .confirmations
        send(environment.random.pick(values) ?? nil, channel, anyPartition(), as: .malformed)
    }

    private func anyTask() -> TaskID? {
        let accepted = environment.checks.fold.tasks.keys.sorted()
        return environment.random.pick(environment.random.chance(80) && !accepted.isEmpty ? accepted : knownIDs)
    }

    private func sendAction() {
        guard let id = environment.random.chance(95) ? anyTask() : TaskID("nobody") else { return }
        let verb = environment.random.pick(TaskVerb.allCases) ?? .cancel
        let actor = environment.random.pick(["alice", "bob", nil]) ?? nil
        if verb == .confirm, let actor { environment.checks.history.sent(confirmOf: id, by: actor) }
        sendCommand(TaskAction(taskID: id, verb: verb, reason: "because", actor: actor).json, .requests, id)
    }

    /// A decision about a question that is open, mostly a yes.
    func decideSomething() {
        let open = environment.checks.fold.tasks.values.filter { $0.snapshot.state.confirmation?.asker != nil }
            .map(\.snapshot.id).sorted()
        guard let id = environment.random.pick(open), let confirmation = pending(id) else { return }
        let actor = environment.random.pick(["alice", "bob", "carol", "dave"]) ?? "bob"
        let verdict: Verdict = environment.random.chance(85) ? .approve : .reject
        if verdict == .approve { environment.checks.history.sent(approvalOf: confirmation.id, by: actor) }
        let decision = ConfirmationDecision(
            confirmationID: confirmation.id, taskID: id, verdict: verdict, actor: actor)
        sendCommand(decision.json, .confirmations, id)
    }

    private func sendDecision() {
        let waiting = environment.checks.fold.tasks.values.filter { $0.snapshot.state.confirmation != nil }
            .map(\.snapshot.id).sorted()
        guard let id = environment.random.pick(environment.random.chance(85) ? waiting : knownIDs) else { return }
        let past = environment.checks.fold.tasks[id]?.snapshot.state.confirmations ?? []
        let forged = Confirmation.fingerprint(gate: "forged", action: .null)
        let named =
            environment.random.chance(80)
            ? pending(id)?.id ?? past.last?.id ?? forged : environment.random.pick(past)?.id ?? forged
        let confirmation = environment.random.chance(90) ? named : foreseen(id)
        let actor = environment.random.pick(["alice", "bob", "carol"]) ?? "bob"
        let verdict: Verdict = environment.random.chance(75) ? .approve : .reject
        if verdict == .approve { environment.checks.history.sent(approvalOf: confirmation, by: actor) }
        let decision = ConfirmationDecision(
            confirmationID: confirmation, taskID: id, verdict: verdict, actor: actor,
            fingerprint: environment.random.chance(50) ? pending(id)?.fingerprint : nil)
        sendCommand(decision.json, .confirmations, id)
        if environment.random.chance(10) { sendCommand(decision.json, .confirmations, id) }
    }

    /// One of the next questions of the task.
    private func foreseen(_ id: TaskID) -> String {
        let asked = environment.checks.fold.tasks[id]?.snapshot.state.confirmations.count ?? 0
        return "\(id)/\(asked + 1 + environment.random.below(3))"
    }

    private func pending(_ id: TaskID) -> Confirmation? {
        environment.checks.fold.tasks[id]?.snapshot.state.confirmation
    }

    private func sendCommand(_ value: [UInt8], _ channel: InboundRecord.Channel, _ id: TaskID) {
        let isKnown = environment.checks.fold.tasks[id] != nil
        send(value, channel, partition(for: id.text), as: .command(id, isKnown: isKnown))
    }
}
