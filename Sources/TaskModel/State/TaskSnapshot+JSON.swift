extension TaskSnapshot {
    /// The record's value.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: spec.members.count + 512 + state.result.output.utf8.count)
        writer.object {
            $0.members(verbatim: spec.members)
            state.write(to: &$0)
        }
        return writer.bytes
    }

    /// Reads a record's value.
    public init(json: [UInt8]) throws(ContractViolation) {
        let (id, request, state) = try Self.parts(of: json)
        self.init(spec: TaskSpec(request, id: id), state: state)
    }

    /// Reads a record's value for those who only look into it: the request is not encoded again.
    public static func parts(
        of json: [UInt8]
    ) throws(ContractViolation) -> (id: TaskID, request: TaskRequest, state: TaskState) {
        guard let object = try JSONValue.contract(json).objectValue else {
            throw ContractViolation(.notAnObject, "A snapshot must be a JSON object.")
        }
        let request = try acceptedRequest(object)
        guard let id = request.taskID else { throw FieldReader(object).missing("task_id") }
        return (id, request, try TaskState(object))
    }

    /// The request of a task that was accepted. Versions that did not know budgets accepted whatever stood there: it
    /// bounded nothing then, and is left out now.
    private static func acceptedRequest(_ object: JSONObject) throws(ContractViolation) -> TaskRequest {
        do throws(ContractViolation) {
            return try TaskRequest(object)
        } catch {
            guard error.field?.hasPrefix("metadata.budget") == true, var metadata = object["metadata"]?.objectValue
            else { throw error }
            metadata["budget"] = nil
            var object = object
            object["metadata"] = .object(metadata)
            return try TaskRequest(object)
        }
    }
}

extension TaskState {
    func write(to writer: inout JSONWriter) {
        writer.name("status")
        writer.string(status.rawValue)
        writer.name("version")
        writer.integer(version)
        writer.name("epoch")
        writer.integer(epoch)
        writer.name("attempt")
        writer.integer(attempt)
        if retriesUsed > 0 { writer.optional("retries_used", retriesUsed) }
        if lostAttempts > 0 { writer.optional("lost_attempts", lostAttempts) }
        if transientFailures > 0 { writer.optional("transient_failures", transientFailures) }
        writer.name("attempts")
        writer.array { for attempt in attempts { attempt.write(to: &$0) } }
        writer.name("progress")
        writer.integer(progress.percent)
        writer.optional("phase", progress.phase)
        writer.name("output")
        writer.string(result.output)
        writer.name("output_bytes")
        writer.integer(result.outputBytes)
        writer.optional("error", result.error)
        writer.optional("exit_code", result.exitCode)
        writer.optional("signal", result.signal)
        writer.optional("duration", milliseconds: result.duration)
        writer.optional("created_at", createdAt)
        writer.optional("updated_at", updatedAt)
        writer.optional("started_at", startedAt)
        writer.optional("completed_at", completedAt)
        writer.optional("next_attempt_at", nextAttemptAt)
        if let confirmation {
            writer.name("confirmation")
            confirmation.write(to: &writer)
        }
        writer.name("confirmations")
        writer.array { for confirmation in confirmations { confirmation.write(to: &$0) } }
        if !earlyDecisions.isEmpty {
            writer.name("early_decisions")
            writer.array { for decision in earlyDecisions { decision.write(to: &$0) } }
        }
        if let lease {
            writer.name("lease")
            lease.write(to: &writer)
        }
        if let session {
            writer.name("agent_session")
            writer.value(session.json)
        }
        if !plan.isEmpty {
            writer.name("agent_plan")
            writer.value(.array(plan.map(\.json)))
        }
        let usage = usage
        if !usage.isEmpty {
            writer.name("token_usage")
            writer.value(usage.json)
        }
        writer.optional("recovered_by", recoveredBy)
        writer.optional("reason", reason)
        if needsApproval {
            writer.name("needs_approval")
            writer.bool(true)
        }
        if isCancelRequested {
            writer.name("cancel_requested")
            writer.bool(true)
        }
        writer.optional("applied_inputs", appliedInputs)
        writer.optional("traceparent", traceparent)
        writer.optional("sandbox", sandbox?.rawValue)
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object)
        guard let status = try fields.choice("status", TaskStatus.self) else { throw fields.missing("status") }
        guard let version = try fields.integer("version", 1...Int64.max) else { throw fields.missing("version") }
        let createdAt = try fields.time("created_at") ?? Timestamp(milliseconds: 0)
        self.init(createdAt: createdAt, epoch: try fields.integer("epoch", 0...Int64.max) ?? 0)
        self.status = status
        self.version = version
        attempt = Int(try fields.integer("attempt", 0...Int64(Int32.max)) ?? 0)
        retriesUsed = Int(try fields.integer("retries_used", 0...Int64(Int32.max)) ?? 0)
        lostAttempts = Int(try fields.integer("lost_attempts", 0...Int64(Int32.max)) ?? 0)
        // Versions that did not know these members kept them as a request's own, whatever they were.
        transientFailures = fields.take("transient_failures")?.integerValue.map { Int(max(0, $0)) } ?? 0
        for value in fields.take("attempts")?.arrayValue ?? [] {
            attempts.append(try AttemptRecord(value.objectValue ?? JSONObject()))
        }
        progress = TaskProgress(
            percent: Int(try fields.integer("progress", 0...100) ?? 0), phase: try fields.string("phase"))
        result = AttemptResult(
            output: try fields.string("output") ?? "",
            outputBytes: try fields.integer("output_bytes", 0...Int64.max) ?? 0, error: try fields.string("error"),
            exitCode: try fields.integer("exit_code", Int64(Int32.min)...Int64(Int32.max)).map(Int32.init),
            signal: try fields.integer("signal", 0...1000).map(Int32.init),
            duration: fields.takeSeconds("duration"))
        updatedAt = try fields.time("updated_at") ?? createdAt
        startedAt = try fields.time("started_at")
        completedAt = try fields.time("completed_at")
        nextAttemptAt = try fields.time("next_attempt_at")
        confirmation = try fields.object("confirmation").map { object throws(ContractViolation) in
            try Confirmation(object)
        }
        for value in fields.take("confirmations")?.arrayValue ?? [] {
            confirmations.append(try Confirmation(value.objectValue ?? JSONObject()))
        }
        for value in fields.take("early_decisions")?.arrayValue ?? [] {
            earlyDecisions.append(try EarlyDecision(value.objectValue ?? JSONObject()))
        }
        lease = try fields.object("lease").map { object throws(ContractViolation) in try Lease(object) }
        session = fields.take("agent_session")?.objectValue.flatMap { try? AgentSession($0) }
        plan = PlanStep.list(fields.take("agent_plan"))
        recoveredBy = fields.take("recovered_by")?.stringValue
        reason = try fields.string("reason")
        needsApproval = fields.take("needs_approval")?.boolValue ?? false
        isCancelRequested = fields.take("cancel_requested")?.boolValue ?? false
        appliedInputs = fields.takeTexts("applied_inputs")
        traceparent = try fields.string("traceparent")
        sandbox = try fields.choice("sandbox", SandboxMode.self)
    }
}

extension AttemptRecord {
    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.name("attempt")
            $0.integer(attempt)
            $0.name("runner")
            $0.string(runner)
            $0.optional("started_at", startedAt)
            $0.optional("finished_at", finishedAt)
            $0.optional("outcome", outcome?.rawValue)
            $0.optional("exit_code", exitCode)
            $0.optional("signal", signal)
            $0.optional("error", error)
            $0.optional("output_bytes", outputBytes)
            $0.optional("peak_memory_bytes", peakMemoryBytes)
            $0.optional("cpu_seconds", milliseconds: cpuMilliseconds)
            $0.optional("refused_connections", refusedConnections)
            if !usage.isEmpty {
                $0.name("token_usage")
                $0.value(usage.json)
            }
            if answers > 0 { $0.optional("answers", answers) }
            $0.optional("failure", failure)
            $0.optional("recovered_by", recoveredBy)
        }
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "attempts.")
        self.init(
            attempt: Int(try fields.integer("attempt", 0...Int64(Int32.max)) ?? 0),
            runner: try fields.string("runner") ?? "",
            startedAt: try fields.time("started_at") ?? Timestamp(milliseconds: 0))
        finishedAt = try fields.time("finished_at")
        outcome = try fields.choice("outcome", AttemptOutcome.self)
        exitCode = try fields.integer("exit_code", Int64(Int32.min)...Int64(Int32.max)).map(Int32.init)
        signal = try fields.integer("signal", 0...1000).map(Int32.init)
        error = try fields.string("error")
        outputBytes = try fields.integer("output_bytes", 0...Int64.max)
        peakMemoryBytes = try fields.integer("peak_memory_bytes", 0...Int64.max)
        cpuMilliseconds = fields.takeSeconds("cpu_seconds")
        refusedConnections = fields.takeTexts("refused_connections")
        if let object = try fields.object("token_usage") { usage = try TokenUsage(object) }
        answers = Int(try fields.integer("answers", 0...Int64(Int32.max)) ?? 0)
        failure = try fields.string("failure")
        recoveredBy = try fields.string("recovered_by")
    }
}

extension Lease {
    func write(to writer: inout JSONWriter) {
        writer.object {
            $0.name("runner")
            $0.string(runner)
            $0.name("incarnation")
            $0.string(incarnation)
            $0.name("attempt")
            $0.integer(attempt)
            $0.name("lease_seconds")
            $0.integer(seconds)
        }
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "lease.")
        self.init(
            runner: try fields.string("runner") ?? "", incarnation: try fields.string("incarnation") ?? "",
            attempt: Int(try fields.integer("attempt", 0...Int64(Int32.max)) ?? 0),
            seconds: Int(try fields.integer("lease_seconds", 0...Int64(Int32.max)) ?? 0))
    }
}
