import TaskModel
import Testing

/// One record of every kind as the code writes it, by the name of its schema.
enum EncodedRecords {
    static func all() throws -> [(name: String, json: [UInt8])] {
        let id = try #require(TaskID("nightly-1"))
        let now = Timestamp(milliseconds: 1_795_451_400_000)
        let ref = AttemptRef(taskID: id, attempt: 1)
        var records: [(name: String, json: [UInt8])] = []
        let confirmation = Confirmation(
            id: "nightly-1/1", gate: "manual", action: ["argv": ["a"]], fingerprint: "00", requestedAt: now,
            expiresAt: now)
        let request = TaskRequest(
            name: "a", command: "b", projectID: 1, createdBy: .string("ann"), metadata: TaskMetadata(gates: ["push"]),
            extras: [.init(name: "x", value: .decimal("1.50"))])
        var snapshot = TaskSnapshot(spec: TaskSpec(request, id: id), state: TaskState(createdAt: now, epoch: 1))
        for status in TaskStatus.allCases {
            snapshot.state.status = status
            records.append(("task-snapshot.\(status.rawValue)", snapshot.json))
        }
        snapshot.state.confirmation = confirmation
        var decided = confirmation
        decided.decisions = [.trusted, .token(issuer: "https://id.example", keyID: "main"), nil].map {
            .init(verdict: .approve, actor: "ann", reason: "r", decidedAt: now, authority: $0)
        }
        decided.asker = .init(attempt: 1, question: 2)
        decided.warning = "w"
        decided.use = .init(
            by: .init(attempt: 1, question: 2), at: now, act: .init(exitCode: 1, summary: "s", at: now))
        snapshot.state.confirmations = [decided]
        snapshot.state.lease = Lease(runner: "a", incarnation: "1", attempt: 1, seconds: 30)
        snapshot.state.attempts = [AttemptRecord(attempt: 1, runner: "a", startedAt: now)]
        snapshot.state.result = AttemptResult(
            output: "x", outputBytes: 1, error: "e", exitCode: -1, signal: 9, duration: 5)
        snapshot.state.appliedInputs = ["t/0/1"]
        let ahead = ConfirmationDecision(
            confirmationID: "nightly-1/9", taskID: id, verdict: .approve, actor: "bob", fingerprint: "00")
        snapshot.state.earlyDecisions = [
            try #require(
                EarlyDecision(
                    ahead,
                    from: InboundRecord(
                        channel: .confirmations, topic: "t", partition: 0, offset: 1, key: nil, value: nil,
                        timestamp: now)))
        ]
        records.append(("task-snapshot.full", snapshot.json))
        records.append(("task-snapshot.agent", try agentSnapshot(id, now).json))
        for kind in Notification.Kind.allCases {
            let note = Notification(
                kind: kind, title: "t", content: "c", snapshot: snapshot, channels: ["slack://x"],
                confirmation: kind == .confirmationRequired ? confirmation : nil, createdAt: now)
            records.append(("notification.\(kind.rawValue)", note.json))
        }
        let alert = Notification(alert: "invalid_json/2/29763000", title: "t", content: "c", createdAt: now)
        records.append(("notification.alert", alert.json))
        for verb in TaskVerb.allCases {
            records.append(
                ("task-action.\(verb.rawValue)", TaskAction(taskID: id, verb: verb, reason: "r", actor: "a").json))
        }
        for verdict in Verdict.allCases {
            let decision = ConfirmationDecision(
                confirmationID: "nightly-1/1", taskID: id, verdict: verdict, actor: "ann", decidedAt: now,
                fingerprint: "00")
            records.append(("confirmation-decision.\(verdict.rawValue)", decision.json))
        }
        for outcome in AttemptOutcome.allCases {
            let report = RunnerReport(
                ref: ref, runner: "a", incarnation: "1", kind: .finished, progress: TaskProgress(percent: 100),
                outcome: outcome, result: snapshot.state.result, at: now)
            records.append(("runner-report.\(outcome.rawValue)", report.json))
        }
        for kind in [RunnerReport.Kind.heartbeat, .question, .acted] {
            var report = RunnerReport(
                ref: ref, runner: "a", incarnation: "1", kind: kind, progress: TaskProgress(percent: 1), at: now)
            if kind == .question {
                report.question = AttemptQuestion(
                    number: 1, gate: "g", rule: "r", reason: "s", action: JSONObject([.init(name: "a", value: 1)]))
            }
            if kind == .acted { report.act = AttemptAct(confirmationID: "c", exitCode: nil, summary: "s") }
            records.append(("runner-report.\(kind.rawValue)", report.json))
        }
        let chunk = OutputChunk(ref: ref, seq: 0, stream: .stderr, text: "\0ä", isTruncated: true, at: now)
        records.append(("output-chunk.one", chunk.json))
        let progress = ProgressEvent(ref: ref, seq: 1, progress: TaskProgress(percent: 5), isEstimated: true, at: now)
        records.append(("progress-event.one", progress.json))
        records += agentRecords(ref, now)
        let owner = OwnershipRecord(owner: "a", incarnation: "1", epoch: 1, partitions: 6, takenAt: now)
        records.append(("ownership-record.one", owner.json))
        return records
    }

    /// A plan of every status, with the longest text.
    private static var account: AgentAccount {
        var account = AgentAccount()
        account.session = AgentSession(agent: "codex", id: String(repeating: "s", count: AgentSession.limit))
        account.plan = PlanStep.Status.allCases.map {
            PlanStep(step: String(repeating: "ä", count: PlanStep.textLimit + 9), status: $0)
        }
        account.usage = TokenUsage(input: .max, cached: 1, output: 2, costMicros: 1)
        account.answers = 3
        account.recoveredBy = "claude"
        return account
    }

    /// A task that an agent works on, with a budget.
    private static func agentSnapshot(_ id: TaskID, _ now: Timestamp) throws -> TaskSnapshot {
        var request = TaskRequest(name: "a", command: "codex b", projectID: 1)
        request.metadata.budget = TaskBudget(tokens: 5, costMicros: 2_500_000)
        var state = TaskState(createdAt: now, epoch: 1)
        state.session = account.session
        state.plan = account.plan
        state.recoveredBy = account.recoveredBy
        state.transientFailures = 2
        var attempt = AttemptRecord(attempt: 1, runner: "a", startedAt: now)
        attempt.usage = account.usage
        attempt.answers = account.answers
        attempt.failure = AttemptFailure.budgetExceeded.code
        attempt.recoveredBy = account.recoveredBy
        var unpriced = AttemptRecord(attempt: 2, runner: "a", startedAt: now)
        unpriced.usage = TokenUsage(output: 1)
        state.attempts = [attempt, unpriced]
        return TaskSnapshot(spec: TaskSpec(request, id: id), state: state)
    }

    /// What a runner says of an agent.
    private static func agentRecords(_ ref: AttemptRef, _ now: Timestamp) -> [(name: String, json: [UInt8])] {
        var records: [(name: String, json: [UInt8])] = []
        for (name, account) in [("agent", account), ("agent-unknown", AgentAccount())] {
            var report = RunnerReport(
                ref: ref, runner: "a", incarnation: "1", kind: .heartbeat, progress: TaskProgress(percent: 1), at: now)
            report.agent = account
            records.append(("runner-report.\(name)", report.json))
        }
        for cause in AttemptFailure.Cause.allCases {
            var report = RunnerReport(
                ref: ref, runner: "a", incarnation: "1", kind: .finished, progress: TaskProgress(percent: 1),
                outcome: .failed, at: now)
            report.failure = AttemptFailure(
                cause: cause, code: "other", retryAfterMilliseconds: cause == .transient ? 1000 : nil)
            records.append(("runner-report.\(cause.rawValue)", report.json))
        }
        for kind in AgentEvent.Kind.allCases {
            var event = ProgressEvent(
                ref: ref, seq: 2, progress: TaskProgress(percent: 5), isEstimated: false, at: now)
            event.agent = account
            event.agentEvent = AgentEvent(
                kind, String(repeating: "e\u{301}", count: AgentEvent.textLimit), by: kind == .answer ? "claude" : nil)
            records.append(("progress-event.\(kind.rawValue)", event.json))
        }
        return records
    }
}
