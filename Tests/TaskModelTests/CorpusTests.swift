import Foundation
import TaskModel
import TestKit
import Testing

/// One record of the corpus and what must become of it.
struct CorpusEntry: Sendable, CustomTestStringConvertible {
    let name: String
    let channel: InboundRecord.Channel
    let value: [UInt8]?
    /// `accepted` or the dead letter's reason.
    let expected: String

    var testDescription: String { name }

    var record: InboundRecord { .test(value, channel) }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Corpus")

    static func all() throws -> [CorpusEntry] {
        let index = try JSONParser.parse([UInt8](Data(contentsOf: folder.appendingPathComponent("index.json"))))
        return try (index.arrayValue ?? []).map { value in
            let entry = try #require(value.objectValue)
            let name = try #require(entry["name"]?.stringValue)
            let channel = try #require(entry["channel"]?.stringValue)
            return CorpusEntry(
                name: name, channel: try #require(InboundRecord.Channel(rawValue: channel)),
                value: try entry["file"]?.stringValue.map {
                    [UInt8](try Data(contentsOf: folder.appendingPathComponent($0)))
                },
                expected: try #require(entry["expect"]?.stringValue))
        }
    }
}

extension InboundRecord {
    static func test(_ value: [UInt8]?, _ channel: Channel = .requests, headers: [EventHeader] = []) -> InboundRecord {
        InboundRecord(
            channel: channel, topic: "pandar.task-\(channel.rawValue)", partition: 3, offset: 42, key: [0xFF, 0],
            value: value, headers: headers, timestamp: Timestamp(milliseconds: 1_000))
    }

    /// `accepted`, or the reason of its dead letter.
    var verdict: String {
        do {
            _ = try InboundMessage.decode(self)
            return "accepted"
        } catch {
            return error.reason.rawValue
        }
    }
}

@Suite struct CorpusTests {
    @Test("every record of the corpus is accepted or refused with its own reason")
    func corpus() throws {
        let entries = try CorpusEntry.all()
        #expect(entries.count > 100)
        for entry in entries { #expect(entry.record.verdict == entry.expected, "\(entry.name)") }
    }

    @Test("every file of the corpus is in its index")
    func complete() throws {
        let files = Set(try FileManager.default.contentsOfDirectory(atPath: CorpusEntry.folder.path))
        let named = Set(try CorpusEntry.all().filter { $0.value != nil }.map(\.name))
        #expect(files == named.union(["index.json"]))
    }

    @Test("2 MB are too large, and 1 MiB is read")
    func size() {
        #expect(InboundRecord.test([UInt8](repeating: 0x20, count: 2_000_000)).verdict == "too_large")
        let limit = InboundMessage.maximumBytes
        #expect(InboundRecord.test([UInt8](repeating: 0x20, count: limit + 1)).verdict == "too_large")
        let small = Array(#"{"name":"a","command":"a","project_id":1}"#.utf8)
        let padded = small + [UInt8](repeating: 0x20, count: limit - small.count)
        #expect(InboundRecord.test(padded).verdict == "accepted")
    }

    @Test("of 100,000 mutated records each is accepted or refused")
    func mutations() throws {
        let seeds = try CorpusEntry.all().filter { ($0.value?.count ?? .max) < 400 }
        var generator = SeededGenerator(seed: 2)
        var accepted = 0
        var refused = 0
        let sent = 100_000
        for _ in 0..<sent {
            let entry = try #require(seeds.randomElement(using: &generator))
            let bytes = Mutation.mutated(entry.value ?? [], times: 1...4, using: &generator)
            if InboundRecord.test(bytes, entry.channel).verdict == "accepted" { accepted += 1 } else { refused += 1 }
        }
        #expect(accepted + refused == sent)
        #expect(accepted > 1_000)
        #expect(refused > 50_000)
    }
}
