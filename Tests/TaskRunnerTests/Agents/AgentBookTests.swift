import Agents
import TaskModel
import TestKit
import Testing

@testable import TaskRunner

@Suite("The account of an agent")
struct AgentBookTests {
    private func book(proxy: String? = nil) -> AgentBook { AgentBook(agent: "codex", proxy: proxy, now: 0) }

    private func received(_ text: String) throws -> ReceivedReport {
        try #require(ReceivedReport(line: Array(text.utf8)), "\(text)")
    }

    private func progress(_ phase: String, _ percent: Int) throws -> ReceivedReport {
        try received(#"{"type":"progress","phase":"\#(phase)","percent":\#(percent),"estimated":false}"#)
    }

    @Test("progress never falls, in percent or phase, and is not done before the end")
    func progressRises() throws {
        var book = book()
        #expect(book.progress == TaskProgress(percent: 5, phase: "starting"))
        #expect(book.isEstimated)
        _ = book.take(try progress("working", 40), now: 0)
        #expect(book.hasNews)
        book.newsTold()
        _ = book.take(try progress("starting", 20), now: 0)
        #expect(book.progress == TaskProgress(percent: 40, phase: "working"))
        #expect(!book.isEstimated)
        #expect(!book.hasNews)
        _ = book.take(try progress("done", 100), now: 0)
        #expect(book.progress == TaskProgress(percent: 99, phase: "finalizing"))
    }

    @Test("usage of a session that begins anew counts on top")
    func usage() throws {
        var book = book()
        for input in [100, 250, 10, 30] {
            _ = book.take(try received(#"{"type":"usage","input":\#(input),"cost_usd":0.1}"#), now: 0)
        }
        #expect(book.account.usage.input == 280)
        #expect(book.account.usage.costMicros == 200_000)
        // An agent that is no proxy cannot hide what it uses behind a name.
        _ = book.take(try received(#"{"type":"usage","by":"x","input":50}"#), now: 0)
        #expect(book.account.usage.input == 300)
    }

    @Test("a session's id is one word that a program can be given, or none")
    func session() throws {
        var book = book(proxy: "claude")
        for id in ["", "a b", "a\\u0000b", "a\\nb", String(repeating: "x", count: 201), "é"] {
            _ = book.take(try received(#"{"type":"session","session":"\#(id)"}"#), now: 0)
            #expect(book.account.session == nil)
        }
        _ = book.take(try received(#"{"type":"session","session":"one","by":"claude"}"#), now: 0)
        #expect(book.account.session == nil, "that of the proxy agent is nobody's to resume")
        _ = book.take(try received(#"{"type":"session","session":"two"}"#), now: 0)
        #expect(book.account.session == AgentSession(agent: "codex", id: "two"))
    }

    @Test("only what people or the proxy agent decide is an event; answers count where it gave words")
    func questions() throws {
        var book = book(proxy: "claude")
        let push = #"{"type":"question","id":1,"question":{"kind":"command","command":"git push origin main"}}"#
        let list = #"{"type":"question","id":2,"question":{"kind":"command","command":"ls"},"reason":"to see"}"#
        #expect(book.take(try received(push), now: 0)?.text == "it wants to run: git push origin main")
        #expect(book.take(try received(list), now: 0) == nil)
        let no = #"{"type":"answer","id":1,"by":"gate","answer":{"decision":"decline","reason":"not today"}}"#
        let event = book.take(try received(no), now: 0)
        #expect(event == AgentEvent(.answer, "declined: not today", by: "gate"))
        #expect(book.take(try received(no), now: 0) == nil, "an answer to nothing")
        for by in ["claude", "policy"] {
            let words = #"{"type":"answer","id":3,"by":"\#(by)","answer":{"decision":"words","answers":{"a":["x"]}}}"#
            _ = book.take(try received(words), now: 0)
        }
        #expect(book.account.answers == 1)
        #expect(book.take(try received(#"{"type":"recovery","by":"x","state":"succeeded"}"#), now: 0)?.by == "claude")
        #expect(book.account.recoveredBy == "claude")
    }

    @Test("nobody recovers where there is no proxy agent")
    func noProxy() throws {
        var book = book()
        #expect(book.take(try received(#"{"type":"recovery","by":"x","state":"succeeded"}"#), now: 0) == nil)
        #expect(book.account.recoveredBy == nil)
    }

    @Test("events come at a bounded rate")
    func rate() throws {
        var book = book()
        let retry = try received(#"{"type":"retrying","reason":"busy"}"#)
        func told(from: Double, to: Double) -> Int {
            stride(from: from, to: to, by: 0.01).count { book.take(retry, now: $0) != nil }
        }
        #expect(told(from: 0, to: 0.5) == Int(EventAllowance.most))
        #expect((99...111).contains(told(from: 0.5, to: 101)))
    }

    @Test("whatever comes, its bounds hold and what was reported can be read again")
    func anything() throws {
        for seed in UInt64(0)..<100 {
            var random = SeededGenerator(seed: seed)
            var book = book(proxy: Bool.random(using: &random) ? "claude" : nil)
            var lowest = book.progress.percent
            var used: Int64 = 0
            for step in 0..<30 {
                guard let report = ReceivedReport(line: Self.line(&random)) else { continue }
                let event = book.take(report, now: Double(step))
                #expect((event?.text.unicodeScalars.count ?? 0) < 30_000)
                #expect(book.progress.percent >= lowest && book.progress.percent < 100, "seed \(seed)")
                lowest = book.progress.percent
                #expect(book.account.usage.total >= used, "seed \(seed)")
                used = book.account.usage.total
                #expect(book.account.plan.count <= PlanStep.limit)
                _ = book.failure(exitCode: Int32.random(in: 0...255, using: &random))
            }
            var told = RunnerReport(
                ref: try attempt(), runner: "r", incarnation: "i", kind: .finished, progress: book.progress,
                outcome: .failed, at: .now)
            told.agent = book.account(SecretMask([]))
            told.failure = book.failure(exitCode: 75)
            let value = try #require(JSONParser.parse(told.json).objectValue)
            let read = try RunnerReport(value)
            #expect(read.agent?.session == told.agent?.session, "seed \(seed)")
            #expect(read.failure == told.failure, "seed \(seed)")
            #expect(read.agent?.usage.total == told.agent?.usage.total, "seed \(seed)")
        }
    }

    /// A report of a known kind with members of any kind.
    private static func line(_ random: inout SeededGenerator) -> [UInt8] {
        let kinds = [
            "session", "progress", "plan", "usage", "retrying", "question", "answer", "recovery", "result", "x",
        ]
        let names = [
            "session", "phase", "percent", "estimated", "plan", "input", "cached", "output", "cost_usd", "reason",
            "delay_ms", "id", "question", "answer", "by", "state", "text", "status", "code", "cause", "message",
        ]
        var members = ["\"type\":\"\(kinds.randomElement(using: &random) ?? "x")\""]
        for name in names where Int.random(in: 0..<10, using: &random) > 1 {
            members.append("\"\(name)\":\(value(&random))")
        }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    private static func value(_ random: inout SeededGenerator) -> String {
        let values = [
            "1", "-1", "9223372036854775807", "1e400", "0.5", "1e15", "null", "true", "[]", "{}", "\"\"", "\"claude\"",
            "\"working\"", "\"done\"", "\"failed\"", "\"succeeded\"", "\"transient\"", "\"abc\"", "\"\\u0000\"",
            "\"e" + String(repeating: "\u{301}", count: 4500) + "\"",
            #"{"kind":"words","questions":[{"question":"Which?","options":[{"label":"a"}]},7]}"#,
            #"{"kind":"command","command":"git push"}"#, #"{"decision":"words","answers":{"a":["b",3]}}"#,
            "[" + String(repeating: #"{"step":"s","status":"pending"},"#, count: 80) + "0]",
        ]
        return values.randomElement(using: &random) ?? "1"
    }
}
