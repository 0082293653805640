import Agents
import TaskModel
import TestKit
import Testing

/// Nothing that an agent writes may crash the driver, get a second answer or an acceptance that nobody gave.
@Suite("Damaged and hostile streams")
struct HostileStreamTests {
    @Test("split anywhere give the same lines", arguments: ["codex-plan", "claude-parallel", "claude-error-500"])
    func splits(name: String) throws {
        let all = try Recording.entries(name).filter(\.isFromAgent).map(\.line)
        let lines = Array(all.filter { $0.count < 1000 }.prefix(4))
        let bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")]
        for cut in bytes.indices {
            var splitter = LineSplitter()
            let got = splitter.receive(bytes[..<cut]) + splitter.receive(bytes[cut...])
            guard got == lines.map(LineSplitter.Line.frame) else {
                Issue.record("cut at \(cut)")
                return
            }
        }
    }

    @Test("never get two answers, nor an acceptance that nobody gave", arguments: Recording.names)
    func mutated(name: String) throws {
        let lines = try Recording.entries(name).filter(\.isFromAgent).map(\.line)
        let all = try Recording.names.filter { Recording.kind($0) == Recording.kind(name) }
            .flatMap { try Recording.entries($0).filter(\.isFromAgent).map(\.line) }
        for seed in UInt64(0)..<12 {
            var generator = SeededGenerator(seed: seed)
            let damaged = damage(lines, all, &generator)
            try check(name, damaged, seed, &generator)
        }
    }

    private func damage(_ lines: [[UInt8]], _ all: [[UInt8]], _ generator: inout SeededGenerator) -> [[UInt8]] {
        var lines = lines
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let at = Int.random(in: 0..<lines.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: lines.insert(lines[at], at: Int.random(in: 0...lines.count, using: &generator))
            case 1: lines.swapAt(at, Int.random(in: 0..<lines.count, using: &generator))
            case 2 where lines.count > 1: lines.remove(at: at)
            case 3: lines[at] = Mutation.mutated(lines[at], times: 1...8, using: &generator)
            case 4: lines.insert(all.randomElement(using: &generator) ?? [], at: at)
            default: lines.insert((0..<50).map { _ in UInt8.random(in: 0...255, using: &generator) }, at: at)
            }
        }
        return lines
    }

    private func check(_ name: String, _ lines: [[UInt8]], _ seed: UInt64, _ generator: inout SeededGenerator) throws {
        var adapter = try Recording.adapter(name)
        var actions = adapter.start()
        var asked: [AgentQuestion] = []
        var accepted = 0
        for line in lines {
            let now = adapter.receive(line: line)
            actions += now
            asked += now.questions
            guard let question = asked.randomElement(using: &generator) else { continue }
            let isAccepted = Bool.random(using: &generator)
            let reply = adapter.answer(question.id, isAccepted ? .accept : .decline(reason: "no"))
            // Later answers to the same question do nothing.
            if isAccepted, !reply.written.isEmpty { accepted += 1 }
            actions += reply
        }
        if seed.isMultiple(of: 3) { actions += adapter.interrupt() }
        actions += adapter.ended(exitCode: 1)
        #expect(actions.results.count == 1, "seed \(seed)")
        #expect(actions.percentages == actions.percentages.sorted(), "seed \(seed)")
        let answers = actions.written.compactMap(Self.answered)
        #expect(Set(answers).count == answers.count, "seed \(seed): a second answer")
        #expect(actions.written.count(where: Self.accepts) <= accepted, "seed \(seed): an acceptance that nobody gave")
    }

    /// The id of the request that a frame answers.
    private static func answered(_ frame: JSONValue) -> JSONValue? {
        guard let frame = frame.objectValue else { return nil }
        if let response = frame["response"]?.objectValue { return response["request_id"] }
        return frame["method"] == nil ? frame["id"] : nil
    }

    /// Whether a frame lets the agent do what it asked for. A hook's answer does not: it leads to the question.
    private static func accepts(_ frame: JSONValue) -> Bool {
        guard let frame = frame.objectValue else { return false }
        if frame["result"]?.objectValue?["decision"] == "accept" { return true }
        return frame["response"]?.objectValue?["response"]?.objectValue?["behavior"] == "allow"
    }
}
