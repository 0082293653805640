import Kafka
import TaskModel
import Testing

@testable import pandar

@Suite("Watching")
struct WatchTests {
    private static let layout = TopicLayout()

    private func event(_ topic: String, _ json: String) -> WatchEvent? {
        WatchEvent(
            KafkaRecord(
                topic: topic, partition: 0, offset: 0, timestampMs: 1_795_451_400_000, key: nil,
                value: Array(json.utf8)), layout: Self.layout)
    }

    private func status(_ id: String, _ status: String, version: Int, attempt: Int = 1) throws -> WatchEvent {
        try #require(
            event(
                Self.layout.status,
                "{\"task_id\":\"\(id)\",\"name\":\"N\",\"status\":\"\(status)\",\"version\":\(version),\"epoch\":1,"
                    + "\"attempt\":\(attempt)}"))
    }

    @Test("ownership records and tombstones are no events")
    func noEvents() {
        #expect(event(Self.layout.status, "{\"epoch\":1}") == nil)
        #expect(event("other", "{\"task_id\":\"a\"}") == nil)
    }

    @Test("a record that is older than what is known is passed over")
    func stale() throws {
        var state = WatchState(tasks: ["a"])
        #expect(state.take(try status("a", "completed", version: 3)) != nil)
        #expect(state.take(try status("a", "running", version: 2)) == nil)
        #expect(state.outcomes == [.completed])
    }

    @Test("it ends when all tasks have ended, and not before")
    func outcomes() throws {
        var state = WatchState(tasks: ["a", "b"])
        _ = state.take(try status("a", "failed", version: 3))
        #expect(state.outcomes == nil)
        _ = state.take(try status("b", "running", version: 2))
        #expect(state.outcomes == nil)
        _ = state.take(try status("b", "completed", version: 3))
        #expect(Set(state.outcomes ?? []) == [.failed, .completed])
    }

    @Test("it ends early in the state that is waited for, or when the task has ended instead")
    func until() throws {
        var state = WatchState(tasks: ["a"], until: .waitingConfirmation)
        _ = state.take(try status("a", "pending", version: 1))
        #expect(state.outcomes == nil)
        var waiting = state
        _ = waiting.take(try status("a", "waiting_confirmation", version: 2))
        #expect(waiting.outcomes == [.waitingConfirmation])
        _ = state.take(try status("a", "cancelled", version: 2))
        #expect(state.outcomes == [.cancelled])
    }

    @Test("watching all tasks never ends")
    func neverEnds() throws {
        var state = WatchState(tasks: nil)
        _ = state.take(try status("a", "completed", version: 3))
        #expect(state.outcomes == nil)
    }

    @Test("a snapshot that only tells progress is no line, another attempt is one")
    func news() throws {
        var state = WatchState(tasks: nil)
        let text = WatchText(style: Style(isOn: false), isSingle: false)
        let events = [
            try status("a", "running", version: 2), try status("a", "running", version: 3),
            try status("a", "running", version: 4, attempt: 2),
        ]
        let lines = events.compactMap { state.take($0) }.flatMap { text.lines($0) }
        #expect(lines == ["16:30:00  running    N", "16:30:00  running    N  attempt 2"])
    }

    @Test("output is shown line by line, harmless to the terminal")
    func output() throws {
        var state = WatchState(tasks: nil)
        let chunk = try #require(
            event(Self.layout.output, "{\"task_id\":\"a\",\"text\":\"one\\ntwo\\u001b[2J\\n\",\"stream\":\"stdout\"}"))
        let taken = state.take(chunk)
        let change = try #require(taken)
        #expect(
            WatchText(style: Style(isOn: false), isSingle: true).lines(change)
                == ["16:30:00  output     │ one", "16:30:00  output     │ two\u{FFFD}[2J"])
    }

    private func progress(_ members: String, attempt: Int = 1) throws -> WatchEvent {
        try #require(
            event(
                Self.layout.progress,
                "{\"task_id\":\"a\",\"attempt\":\(attempt),\"seq\":1,\"progress\":42,\"phase\":\"working\"\(members)}"))
    }

    @Test("of a plan only what is new is shown, and of progress only what went on")
    func plan() throws {
        var state = WatchState(tasks: nil)
        let text = WatchText(style: Style(isOn: false), isSingle: true)
        func step(_ name: String, _ status: String) -> String { "{\"step\":\"\(name)\",\"status\":\"\(status)\"}" }
        let first = ",\"plan\":[\(step("one", "in_progress")),\(step("two", "pending"))]"
        let second = ",\"plan\":[\(step("one", "completed")),\(step("two", "pending"))]"
        let usage = ",\"token_usage\":{\"input_tokens\":1000,\"output_tokens\":2,\"cost_usd\":null}"
        func lines(_ event: WatchEvent) -> [String] { state.take(event).map { text.lines($0) } ?? [] }
        #expect(
            lines(try progress(first + usage)) == [
                "16:30:00  plan       [>] one", "16:30:00  plan       [ ] two",
                "16:30:00  progress   42 % working  1,000 tokens in, 2 out",
            ])
        #expect(lines(try progress(first)).isEmpty)
        #expect(lines(try progress("")).isEmpty)
        #expect(lines(try progress(second)) == ["16:30:00  plan       [x] one"])
        #expect(lines(try progress(second, attempt: 2)).count == 3)
    }

    @Test("what happens to an agent is shown with who did it, harmless to the terminal")
    func agentEvents() throws {
        var state = WatchState(tasks: nil)
        let text = WatchText(style: Style(isOn: false), isSingle: true)
        func lines(_ type: String, _ by: String) throws -> [String] {
            let members = ",\"event\":{\"type\":\"\(type)\",\"text\":\"Which?\\n\\u001b[2Jmain\",\"by\":\(by)}"
            let change = state.take(try progress(members))
            return change.map { text.lines($0) } ?? []
        }
        #expect(
            try lines("question", "null") == [
                "16:30:00  question   Which?", "16:30:00             \u{FFFD}[2Jmain",
                "16:30:00  progress   42 % working",
            ])
        #expect(
            try lines("answer", "\"claude\"") == [
                "16:30:00  answer     claude: Which?", "16:30:00             \u{FFFD}[2Jmain",
            ])
        #expect(try lines("recovery", "null").count == 2)
        #expect(try lines("retrying", "null").count == 2)
        #expect(try lines("something else", "null").isEmpty)
    }

    @Test("positions are reached when every partition that has records is read to its end")
    func positions() {
        let first = TopicPartition(topic: "t", partition: 0)
        let second = TopicPartition(topic: "t", partition: 1)
        var positions = Positions()
        #expect(positions.reached([:]))
        #expect(!positions.reached([first: 2]))
        positions.note(
            .records([KafkaRecord(topic: "t", partition: 0, offset: 1, timestampMs: 0, key: nil, value: nil)]))
        #expect(positions.reached([first: 2]))
        #expect(!positions.reached([first: 2, second: 5]))
        positions.note(.end(second, offset: 5))
        #expect(positions.reached([first: 2, second: 5]))
    }
}
