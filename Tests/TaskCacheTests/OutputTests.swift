import TaskCache
import TaskModel
import Testing

@Suite("Output and notifications are kept for a while")
struct OutputTests {
    private let file: CacheFile
    private let cache: TaskCache
    private let id: TaskID

    init() throws {
        file = try CacheFile()
        cache = try file.open()
        id = try #require(TaskID("a"))
        _ = try cache.fold([
            Records.record(Records.snapshot("a", version: 3, status: .completed, output: "the tail"), offset: 0)
        ])
    }

    private func chunk(_ seq: Int64, _ text: String, attempt: Int = 1, at: Timestamp = Records.day) -> [UInt8] {
        OutputChunk(
            ref: AttemptRef(taskID: id, attempt: attempt), seq: seq, stream: .stdout, text: text, at: at
        ).json
    }

    @Test("Chunks come out in order, however they came in, the known ones once")
    func order() throws {
        try cache.foldOutput([chunk(2, "c"), chunk(0, "a")])
        try cache.foldOutput([chunk(1, "b"), chunk(0, "a"), chunk(2, "other")])
        #expect(try cache.outputText(id) == "abc")
        #expect(try JSONText(#require(try cache.output(id)))["output"] == .string("abc"))
    }

    @Test("Without chunks the snapshot's tail is told, and nothing of an unknown task")
    func tail() throws {
        #expect(try cache.outputText(id) == "the tail")
        #expect(try cache.outputText(try #require(TaskID("unknown"))) == nil)
        #expect(try cache.output(try #require(TaskID("unknown"))) == nil)
    }

    @Test("The latest attempt's output is told")
    func attempts() throws {
        try cache.foldOutput([chunk(0, "second", attempt: 2), chunk(0, "first", attempt: 1)])
        #expect(try cache.outputText(id) == "second")
    }

    @Test("Of a long output the end is kept", arguments: [100, 30_000])
    func limit(size: Int) throws {
        let count = 600_000 / size
        let chunks = (0..<count).map { chunk(Int64($0), "\($0)".padding(to: size)) }
        for start in stride(from: 0, to: count, by: 50) {
            try cache.foldOutput(Array(chunks[start..<min(start + 50, count)]))
        }
        let text = try #require(try cache.outputText(id))
        #expect(text.hasSuffix("\(count - 1)".padding(to: size)))
        #expect(text.utf8.count <= 262_144 + 16 * 8_192)
        #expect(text.utf8.count > 262_144 - size)
    }

    @Test("What cannot be read is left out")
    func garbage() throws {
        try cache.foldOutput([[], Array("{}".utf8), Array("[1]".utf8), [0xFF], chunk(0, "good")])
        try cache.foldNotifications([[], Array("{}".utf8), Array("null".utf8)])
        #expect(try cache.outputText(id) == "good")
        #expect(try JSONText(cache.notifications(limit: 10)).object["items"] == .array([]))
    }

    @Test("Notifications come newest first, each once")
    func notifications() throws {
        let values = [("n1", 1), ("n3", 3), ("n2", 2), ("n1", 9)].map { name, second in
            Array(
                #"{"notification_id":"\#(name)","task_id":"a","created_at":"2026-11-23T00:00:0\#(second).000Z"}"#.utf8)
        }
        try cache.foldNotifications(values)
        let items = try JSONText(cache.notifications(limit: 2))["items"]?.arrayValue ?? []
        #expect(items.compactMap { $0.objectValue?["notification_id"]?.stringValue } == ["n3", "n2"])
    }

    @Test("Retention forgets output and notifications, never a task: its id is known for good")
    func retention() throws {
        try cache.foldOutput([chunk(0, "old"), chunk(1, "new", at: Records.day.adding(seconds: 60))])
        try cache.foldNotifications([
            Array(#"{"notification_id":"n","task_id":"a","created_at":"2026-11-23T00:00:00.000Z"}"#.utf8)
        ])
        try cache.prune(before: Records.day.adding(seconds: 30))
        #expect(try cache.outputText(id) == "new")
        #expect(try JSONText(cache.notifications(limit: 10))["items"] == .array([]))
        try cache.prune(before: Records.day.adding(seconds: 1_000_000_000))
        #expect(try cache.outputText(id) == "the tail")
        #expect(try cache.tasks(ids: [id]).count == 1)
        #expect(try cache.task(id) != nil)
    }

    @Test("A tombstone takes the output with it")
    func tombstone() throws {
        try cache.foldOutput([chunk(0, "old")])
        _ = try cache.fold([Records.tombstone("a", offset: 1)])
        _ = try cache.fold([Records.record(Records.snapshot("a"), offset: 2)])
        #expect(try cache.outputText(id) == "")
    }
}

extension String {
    /// Dots up to a length in bytes.
    fileprivate func padding(to length: Int) -> String {
        self + String(repeating: ".", count: max(0, length - utf8.count))
    }
}
