import Agents
import TaskModel
import Testing

@Suite("Reports of the driver")
struct AgentReportReadingTests {
    @Test("are read as they were written")
    func roundTrip() throws {
        var progress = AgentProgress()
        progress.enter(.working)
        let words = AgentQuestion.Words(
            id: "colour", header: "Choice", question: "Which?", options: [.init(label: "Red", description: "r")],
            allowsSeveral: true)
        let id = AgentQuestion.ID(3)
        let reports: [AgentReport] = [
            .session("abc"), .progress(progress.report), .plan([PlanStep(step: "Write", status: .inProgress)]),
            .usage(TokenUsage(input: 5, cached: 2, output: 1, costMicros: 1_250_000)),
            .retrying(reason: "busy", milliseconds: 4000), .retrying(reason: "busy", milliseconds: nil),
            .question(AgentQuestion(id: id, kind: .command("ls", directory: "/x"), reason: "to see")),
            .question(AgentQuestion(id: id, kind: .fileChange(["a", "b"]))),
            .question(AgentQuestion(id: id, kind: .permission("network"))),
            .question(AgentQuestion(id: id, kind: .tool("Edit", input: .null))),
            .question(AgentQuestion(id: id, kind: .words([words]))),
            .answer(id, .accept, by: "policy"), .answer(id, .decline(reason: "no"), by: "gate"),
            .answer(id, .words(["colour": ["Red", "Blue"]]), by: "claude"), .answer(id, nil, by: "agent"),
            .recovery(by: "claude", .began, text: "the tests fail"),
            .result(.success("Done.")), .result(.interrupted),
            .result(.failed(AgentFailure(.rateLimited, "too many"))),
        ]
        for report in reports { #expect(AgentReport(line: report.line) == report) }
    }

    @Test("name the agent that they are about, where there is one")
    func by() throws {
        let line = Array(#"{"type":"usage","by":"claude","input":1}"#.utf8)
        #expect(ReceivedReport(line: line)?.by == "claude")
        #expect(ReceivedReport(line: AgentReport.session("a").line)?.by == nil)
    }

    @Test(
        "that are none, or of no known kind, are left out",
        arguments: [
            "", "{", "{}", "[]", "7", #"{"type":"new","x":1}"#, #"{"type":7}"#, #"{"type":"session"}"#,
            #"{"type":"progress","phase":"resting"}"#, #"{"type":"question","id":1}"#,
            #"{"type":"question","id":1,"question":{"kind":"dance"}}"#, #"{"type":"answer","id":1}"#,
            #"{"type":"recovery","by":"x","state":"odd"}"#, #"{"type":"result","status":"odd"}"#,
        ])
    func unreadable(text: String) {
        #expect(AgentReport(line: Array(text.utf8)) == nil)
    }

    @Test("are brought into bounds")
    func bounds() throws {
        func read(_ text: String) -> AgentReport? { AgentReport(line: Array(text.utf8)) }
        #expect(
            read(#"{"type":"usage","input":-5,"output":1.6,"cached":"x","cost_usd":-1}"#)
                == .usage(TokenUsage(input: 0, cached: 0, output: 2)))
        #expect(
            read(#"{"type":"retrying","delay_ms":9999999999999}"#)
                == .retrying(reason: "", milliseconds: 86_400_000))
        guard case .progress(let progress) = read(#"{"type":"progress","phase":"working","percent":500,"tools":-1}"#)
        else {
            Issue.record("no progress")
            return
        }
        #expect(progress.percent == 100 && progress.tools == 0)
        let steps = Array(repeating: #"{"step":"s","status":"pending"}"#, count: 200).joined(separator: ",")
        #expect(
            read(#"{"type":"plan","plan":[\#(steps)]}"#)
                == .plan(Array(repeating: PlanStep(step: "s", status: .pending), count: PlanStep.limit)))
        // One character, thousands of scalars.
        let long = "e" + String(repeating: "\u{301}", count: 9000)
        guard case .retrying(let reason, _) = read(#"{"type":"retrying","reason":"\#(long)"}"#) else {
            Issue.record("no report")
            return
        }
        #expect(reason.unicodeScalars.count == 4000)
        // A number that has no place in 64 bits.
        #expect(read(#"{"type":"answer","id":1e300,"by":"x"}"#) == nil)
    }
}
