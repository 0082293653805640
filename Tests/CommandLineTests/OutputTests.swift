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

    @Test("figures come one a line with their unit")
    func stats() throws {
        let stats = try #require(
            try JSONParser.parse("{\"total_tasks\":3,\"success_rate\":50.0,\"by\":{}}").objectValue)
        #expect(
            StatsText.lines(stats, style: Style(isOn: false))
                == ["total tasks                 3", "success rate                50.0 %"])
    }
}
