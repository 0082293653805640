import TaskModel
import TestKit
import Testing

@Suite struct TaskSnapshotTests {
    @Test("a random snapshot is the same after writing and reading")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            let snapshot = try random(&generator)
            #expect(try TaskSnapshot(json: snapshot.json) == snapshot)
        }
    }

    @Test("unknown fields are kept, also in metadata, with their numbers as they came")
    func unknownFields() throws {
        let text = #"{"name":"a","command":"b","project_id":1,"x":1.50,"metadata":{"team":"t","n":{"a":[1e400,null]}}}"#
        let object = try #require(try JSONParser.parse(text).objectValue)
        let id = try #require(TaskID("t"))
        let spec = TaskSpec(try TaskRequest(object), id: id)
        let request = try spec.request()
        #expect(request.extras == [.init(name: "x", value: .decimal("1.50"))])
        #expect(request.metadata.extras.map(\.name) == ["team", "n"])
        let written = String(decoding: spec.members, as: UTF8.self)
        #expect(written.contains(#""x":1.50"#) && written.contains(#""n":{"a":[1e400,null]}"#))
    }

    @Test("a request cannot bring fields of the snapshot's state")
    func stateFields() throws {
        let text = #"{"name":"a","command":"b","project_id":1,"status":"completed","version":9}"#
        #expect(try TaskRequest(#require(try JSONParser.parse(text).objectValue)).extras.isEmpty)
    }

    @Test("a record of before agents told anything is read, whatever its request brought under their members' names")
    func earlierExtras() throws {
        let text = """
            {"task_id":"t","name":"a","command":"b","project_id":1,"agent_session":"x","agent_plan":7,"token_usage":"?",
            "recovered_by":{"by":"me"},"transient_failures":-1.5,"status":"running","version":2,"epoch":1,
            "created_at":"2026-11-23T00:00:00Z"}
            """
        let snapshot = try TaskSnapshot(json: Array(text.utf8))
        #expect(snapshot.state.session == nil && snapshot.state.plan.isEmpty && snapshot.state.recoveredBy == nil)
        #expect(snapshot.state.transientFailures == 0)
        #expect(try TaskSnapshot(json: snapshot.json) == snapshot)
    }

    @Test(
        "a record of before budgets were known is read, a request with the same is refused",
        arguments: ["100", "{\"minutes\":5}", "{\"tokens\":0}", "{\"cost_usd\":\"2\"}"])
    func earlierBudgets(budget: String) throws {
        let members = """
            "task_id":"t","name":"a","command":"b","project_id":1,"metadata":{"agent":"codex","budget":\(budget),"x":1}
            """
        let snapshot = try TaskSnapshot(
            json: Array("{\(members),\"status\":\"running\",\"version\":2,\"epoch\":1}".utf8))
        let metadata = try snapshot.spec.request().metadata
        #expect(metadata.budget == nil && metadata.agent == "codex" && metadata.extras.map(\.name) == ["x"])
        #expect(throws: ContractViolation.self) {
            try TaskRequest(#require(try JSONParser.parse("{\(members)}").objectValue))
        }
    }

    @Test("records are ordered by epoch, then version")
    func order() {
        #expect(RecordOrder(epoch: 1, version: 9) < RecordOrder(epoch: 2, version: 1))
        #expect(RecordOrder(epoch: 2, version: 1) < RecordOrder(epoch: 2, version: 2))
    }

    private func random(_ generator: inout SeededGenerator) throws -> TaskSnapshot {
        func maybe() -> Bool { Bool.random(using: &generator) }
        func time() -> Timestamp { Timestamp(milliseconds: .random(in: 0...4_000_000_000_000, using: &generator)) }
        let request = TaskRequest(
            name: "Audit 😀", description: maybe() ? "a \"b\"" : nil, command: "codex audit",
            projectID: .random(in: 1 ... .max, using: &generator),
            priority: TaskPriority.allCases.randomElement(using: &generator) ?? .low,
            scheduledAt: maybe() ? time() : nil,
            createdBy: maybe() ? .integer(7) : nil,
            metadata: TaskMetadata(agent: maybe() ? "codex" : nil, gates: maybe() ? ["push"] : []))
        var state = TaskState(createdAt: time(), epoch: .random(in: 0...9, using: &generator))
        state.status = TaskStatus.allCases.randomElement(using: &generator) ?? .pending
        state.version = .random(in: 1...1_000, using: &generator)
        state.attempt = .random(in: 0...3, using: &generator)
        state.retriesUsed = .random(in: 0...2, using: &generator)
        state.lostAttempts = .random(in: 0...2, using: &generator)
        state.progress = TaskProgress(
            percent: .random(in: 0...100, using: &generator), phase: maybe() ? "working" : nil)
        state.result = AttemptResult(
            output: "x\n", outputBytes: 2, error: maybe() ? "e" : nil, exitCode: maybe() ? -1 : nil,
            signal: maybe() ? 9 : nil, duration: maybe() ? .random(in: 0...9_999_999, using: &generator) : nil)
        state.updatedAt = time()
        state.startedAt = maybe() ? time() : nil
        state.completedAt = maybe() ? time() : nil
        state.nextAttemptAt = maybe() ? time() : nil
        state.lease = maybe() ? Lease(runner: "r", incarnation: "1", attempt: 1, seconds: 30) : nil
        state.reason = maybe() ? "why" : nil
        state.needsApproval = maybe()
        state.isCancelRequested = maybe()
        state.appliedInputs = maybe() ? ["t/0/1"] : []
        state.traceparent = maybe() ? "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" : nil
        state.sandbox = SandboxMode.allCases.randomElement(using: &generator)
        if maybe() {
            var attempt = AttemptRecord(attempt: 1, runner: "r", startedAt: time())
            attempt.outcome = .lost
            attempt.outputBytes = 7
            attempt.peakMemoryBytes = maybe() ? 1 << 30 : nil
            attempt.cpuMilliseconds = maybe() ? 1500 : nil
            attempt.refusedConnections = maybe() ? ["example.com:443: not allowed"] : []
            state.attempts = [attempt]
            var confirmation = Confirmation(
                id: "t/1", gate: "manual", action: ["argv": ["a"]], fingerprint: "f", requestedAt: time(),
                expiresAt: time())
            state.confirmation = confirmation
            confirmation.status = .approved
            let authorities: [DecisionAuthority?] = [
                nil, .trusted, .token(issuer: "https://id.example", keyID: "main"), .token(issuer: nil, keyID: nil),
            ]
            confirmation.decisions = authorities.map {
                .init(verdict: .approve, actor: "ann", reason: nil, decidedAt: time(), authority: $0)
            }
            confirmation.asker = maybe() ? .init(attempt: 1, question: 2) : nil
            confirmation.warning = maybe() ? "once" : nil
            let act = Confirmation.Act(exitCode: maybe() ? -1 : nil, summary: "s", at: time())
            confirmation.use =
                maybe() ? .init(by: .init(attempt: 2, question: 1), at: time(), act: maybe() ? act : nil) : nil
            state.confirmations = [confirmation]
        }
        return TaskSnapshot(spec: TaskSpec(request, id: try #require(TaskID("t"))), state: state)
    }
}
