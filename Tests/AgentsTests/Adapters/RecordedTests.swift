import Agents
import TaskModel
import Testing

@Suite("Recorded sessions of real agents")
struct RecordedTests {
    /// The recordings in which the client accepts, and those in which it declines.
    static let comparable = Recording.names.filter { !$0.hasSuffix("cancelled") }

    /// Plays the agent's side; answers every question in the same way.
    private func play(_ name: String, _ run: [Recording.Entry], session: String?) throws -> [AgentAction] {
        var adapter = try Recording.adapter(name, session: session)
        var actions = adapter.start()
        var asked = 0
        for entry in run where entry.isFromAgent {
            let now = adapter.receive(line: entry.line)
            actions += now
            for question in now.questions {
                actions += adapter.answer(question.id, answer(name, question, asked))
                asked += 1
            }
        }
        return actions
    }

    private func answer(_ name: String, _ question: AgentQuestion, _ number: Int) -> AgentAnswer {
        if case .words(let parts) = question.kind {
            return .words(Dictionary(uniqueKeysWithValues: parts.map { ($0.id, [$0.options[0].label]) }))
        }
        let isSecond = name.hasSuffix("parallel") && number == 1
        let isRefused = name.hasSuffix("declined") || name.hasSuffix("denied") || isSecond
        return isRefused ? .decline(reason: "Declined by ana: not on a Friday") : .accept
    }

    @Test("are answered frame by frame as the recording's client did", arguments: comparable)
    func sameFrames(name: String) throws {
        var session: String?
        for run in try Recording.runs(name) {
            let actions = try play(name, run, session: session)
            let expected = try run.filter { !$0.isFromAgent }.map { try JSONParser.parse($0.line).sorted }
            // The first frame holds the client's name and version.
            // A run that is resumed after it was killed at its question.
            let isKilled =
                !run.contains { String(decoding: $0.line, as: UTF8.self).contains("\"num_turns\"") }
                && !run.contains { String(decoding: $0.line, as: UTF8.self).contains("turn/completed") }
            let frames = isKilled ? Array(actions.written.prefix(expected.count)) : actions.written
            #expect(frames.dropFirst().map(\.sorted) == Array(expected.dropFirst()))
            session = actions.sessions.last
        }
    }

    @Test("end as they ended", arguments: comparable)
    func ends(name: String) throws {
        let runs = try Recording.runs(name)
        let run = try #require(runs.last)
        let session = runs.count > 1 ? try play(name, runs[0], session: nil).sessions.last : nil
        let actions = try play(name, run, session: session)
        #expect(actions.results.count == 1)
        let result = try #require(actions.results.first)
        let codes: [(String, AgentFailure.Code)] = [
            ("error-401", .credentials), ("error-429", .rateLimited), ("error-500", .modelUnavailable),
        ]
        if let (_, code) = codes.first(where: { name.hasSuffix($0.0) }) {
            guard case .failed(let failure) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(failure.code == code)
            #expect(failure.cause == (code == .credentials ? .final : .transient))
        } else {
            guard case .success = result else {
                Issue.record("\(result)")
                return
            }
            #expect(actions.percentages.last == 100)
        }
        #expect(actions.percentages == actions.percentages.sorted())
    }

    @Test("of Codex: a cancelled question ends the turn as interrupted")
    func cancelled() throws {
        let run = try #require(Recording.runs("codex-command-cancelled").first)
        var adapter = try Recording.adapter("codex")
        var actions = adapter.start()
        for entry in run where entry.isFromAgent {
            let now = adapter.receive(line: entry.line)
            actions += now
            if !now.questions.isEmpty { actions += adapter.interrupt() }
        }
        #expect(actions.results == [.interrupted])
        let decisions = actions.written.compactMap {
            $0.objectValue?["result"]?.objectValue?["decision"]?.stringValue
        }
        #expect(decisions == ["cancel"])
    }

    @Test("tell plan, tokens, cost and retries")
    func told() throws {
        let codex = try play("codex-plan", Recording.runs("codex-plan")[0], session: nil)
        #expect(codex.plans.count == 3)
        #expect(codex.plans.last?.allSatisfy { $0.status == .completed } == true)
        #expect(codex.usages.last == TokenUsage(input: 6400, cached: 1000, output: 270))
        let claude = try play("claude-plan", Recording.runs("claude-plan")[0], session: nil)
        #expect(
            claude.plans.last == [
                PlanStep(step: "Write the file", status: .completed), PlanStep(step: "Check it", status: .completed),
            ])
        #expect(claude.usages.last?.costUSD == 0.0362)
        let retried = try play("claude-retry-529", Recording.runs("claude-retry-529")[0], session: nil)
        #expect(retried.retries == 1)
    }

    @Test("count only what the attempt itself used when a thread is resumed")
    func usageOfResumed() throws {
        let runs = try Recording.runs("codex-resume")
        let first = try play("codex-resume", runs[0], session: nil)
        let second = try play("codex-resume", runs[1], session: first.sessions.last)
        #expect(second.usages.last == TokenUsage(input: 2600, cached: 1800, output: 60))
    }
}
