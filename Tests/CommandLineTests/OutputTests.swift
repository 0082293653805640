import Kafka
import TaskModel
import Testing

@testable import pandar

@Suite("What people see")
struct OutputTests {
    @Test("columns are as wide as their content, the widest gives way to the terminal")
    func table() {
        var table = Table("ID", "NAME", "STATUS")
        table.rows.append([.init("1"), .init("a name that is far too long for this"), .init("ok")])
        let lines = table.lines(width: 30, style: Style(isOn: false))
        #expect(lines == ["ID  NAME                STATUS", "1   a name that is fa…  ok"])
    }

    @Test("colours are wanted unless NO_COLOR or a dumb terminal says otherwise")
    func colours() {
        #expect(Terminal.wantsColour([:]))
        #expect(Terminal.wantsColour(["NO_COLOR": ""]))
        #expect(!Terminal.wantsColour(["NO_COLOR": "1"]))
        #expect(!Terminal.wantsColour(["TERM": "dumb"]))
        #expect(Style(isOn: true)("a", .red) == "\u{1B}[31ma\u{1B}[0m")
        #expect(Style(isOn: false)("a", .red) == "a")
    }

    @Test("control characters of a task cannot reach the terminal")
    func controlCharacters() {
        #expect("a\u{1B}[2Jb\u{9B}c\td".printable == "a\u{FFFD}[2Jb\u{FFFD}c\td")
    }

    @Test(
        "durations are short",
        arguments: [
            (0.4242, "0.42 s"), (12.34, "12.3 s"), (245, "4 min 5 s"), (11_400, "3 h 10 min"), (187_200, "2 d 4 h"),
        ])
    func durations(seconds: Double, text: String) {
        #expect(Duration.short(seconds) == text)
    }

    @Test("the ready line is read as it was written")
    func readyLine() throws {
        let line = ReadyLine(bootstrap: "127.0.0.1:1", http: "http://127.0.0.1:2", instance: "i", isEmbedded: true)
        #expect(ReadyLine(json: line.json) == line)
        #expect(
            String(decoding: line.json, as: UTF8.self).hasPrefix("{\"event\":\"ready\",\"bootstrap\":\"127.0.0.1:1\""))
        #expect(ReadyLine(json: Array("{}".utf8)) == nil)
    }

    @Test("every exit code stands in the help")
    func exitCodes() {
        for status in ExitStatus.allCases { #expect(ExitStatus.help.contains("\(status.rawValue)  \(status.about)")) }
    }

    @Test("what agents have used is a table, of which the sum comes first; without any there is none")
    func usage() throws {
        let sum = "\"input_tokens\":1234567,\"cached_tokens\":0,\"output_tokens\":12,\"attempts\":3"
        let text = """
            {"total_tasks":3,"usage":{"total":{\(sum),"cost_usd":1.25},"by_agent":{"codex":{\(sum),"cost_usd":null}},
            "by_project":{"7":{\(sum),"cost_usd":1.25}},"by_day":[{"day":"2026-11-23",\(sum),"cost_usd":1.25}]}}
            """
        let stats = try #require(try JSONParser.parse(text).objectValue)
        #expect(
            StatsText.lines(stats, style: Style(isOn: false)) == [
                "total tasks                 3", "",
                "USAGE        ATTEMPTS  INPUT      CACHED  OUTPUT  USD",
                "all          3         1,234,567  0       12      1.2500",
                "agent codex  3         1,234,567  0       12      -",
                "project 7    3         1,234,567  0       12      1.2500",
                "2026-11-23   3         1,234,567  0       12      1.2500",
            ])
        let none = try #require(
            try JSONParser.parse("{\"total_tasks\":3,\"usage\":{\"total\":{\"attempts\":0}}}").objectValue)
        #expect(StatsText.lines(none, style: Style(isOn: false)).count == 1)
    }

    @Test("a task shows its agent's session, plan and tokens, and those of each attempt")
    func task() throws {
        let text = """
            {"task_id":"a","status":"failed","metadata":{"budget":{"tokens":2000,"cost_usd":2.5}},
            "agent_session":{"agent":"codex","id":"s\\u001b1"},"recovered_by":"claude",
            "agent_plan":[{"step":"one","status":"completed"},{"step":"two","status":"in_progress"},
            {"step":"three","status":"pending"}],
            "token_usage":{"input_tokens":1500,"cached_tokens":1000,"output_tokens":20,"cost_usd":0.5},
            "attempts":[{"attempt":1,"outcome":"failed","runner":"r","failure":"budget_exceeded","error":"e",
            "token_usage":{"input_tokens":1500,"cached_tokens":0,"output_tokens":20,"cost_usd":null},"answers":2}]}
            """
        let task = try #require(try JSONParser.parse(text).objectValue)
        #expect(
            TaskText.lines(task, style: Style(isOn: false)) == [
                "task_id          a", "status           failed", "agent session    codex s\u{FFFD}1",
                "recovered by     claude", "budget           2,000 tokens, 2.5000 USD",
                "used             1,500 tokens in (1,000 cached), 20 out, 0.5000 USD",
                "plan             [x] one", "                 [>] two", "                 [ ] three",
                "attempt          1  failed  r  budget_exceeded  e  1,500 tokens in, 20 out"
                    + "  2 answered by the proxy agent",
            ])
        let coloured = TaskText.lines(task, style: Style(isOn: true)).joined(separator: "\n")
        #expect(coloured.contains("✓") && !coloured.contains("[x]"))
    }

    @Test(
        "digits are in groups of three",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (.min, "-9,223,372,036,854,775,808"),
        ]
            as [(Int64, String)])
    func grouped(number: Int64, text: String) {
        #expect(UsageText.grouped(number) == text)
    }

    @Test("figures come one a line with their unit")
    func stats() throws {
        let stats = try #require(
            try JSONParser.parse("{\"total_tasks\":3,\"success_rate\":50.0,\"by\":{}}").objectValue)
        #expect(
            StatsText.lines(stats, style: Style(isOn: false))
                == ["total tasks                 3", "success rate                50.0 %"])
    }
}
