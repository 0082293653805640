import TaskModel
import TestKit
import Testing

@testable import TaskRunner

@Suite("Output is published in order, in bounded chunks, up to a limit")
struct OutputPublisherTests {
    private let ref: AttemptRef

    init() throws {
        ref = AttemptRef(taskID: try #require(TaskID("task")), attempt: 1)
    }

    private func publisher(limit: Int = 1 << 20) -> OutputPublisher { OutputPublisher(ref: ref, limit: limit) }

    @Test("Text waits for more until its time has come")
    func gathers() {
        var publisher = publisher()
        #expect(publisher.append(Array("a".utf8), .stdout, now: 10).isEmpty)
        #expect(publisher.append(Array("b".utf8), .stdout, now: 10.1).isEmpty)
        #expect(publisher.flushAt == 10.2)
        #expect(publisher.flush().map(\.text) == ["ab"])
        #expect(publisher.flushAt == nil)
        #expect(publisher.flush().isEmpty)
    }

    @Test("A change of stream ends the chunk, so the order over both streams is kept")
    func streams() {
        var publisher = publisher()
        var chunks = publisher.append(Array("out".utf8), .stdout, now: 0)
        chunks += publisher.append(Array("err".utf8), .stderr, now: 0)
        chunks += publisher.append(Array("out".utf8), .stdout, now: 0)
        chunks += publisher.finish(now: 0)
        #expect(chunks.map(\.stream) == [.stdout, .stderr, .stdout])
        #expect(chunks.map(\.seq) == [0, 1, 2])
    }

    @Test("Characters cut by a change of stream come out whole in their own stream")
    func cutByStream() {
        var publisher = publisher()
        var chunks = publisher.append([0xE2, 0x82], .stdout, now: 0)
        chunks += publisher.append(Array("x".utf8), .stderr, now: 0)
        chunks += publisher.append([0xAC], .stdout, now: 0)
        chunks += publisher.finish(now: 0)
        #expect(chunks.map(\.text) == ["x", "€"])
    }

    @Test("No chunk is longer than a record may be, also when every byte becomes three")
    func longChunks() {
        var publisher = publisher()
        let chunks = publisher.append([UInt8](repeating: 0xFF, count: 65_536), .stdout, now: 0)
        #expect(chunks.map(\.text.utf8.count).max() ?? 0 <= OutputPublisher.chunkSize)
        #expect(chunks.map(\.text.unicodeScalars.count).reduce(0, +) == 65_536)
    }

    @Test("At the limit it says once, on the last chunk, that more is not published")
    func truncation() {
        var publisher = publisher(limit: 10)
        var chunks = publisher.append(Array("12345678".utf8), .stdout, now: 0)
        chunks += publisher.append(Array("abcdef".utf8), .stderr, now: 0)
        chunks += publisher.append(Array("more".utf8), .stdout, now: 0)
        chunks += publisher.append(Array("and more".utf8), .stderr, now: 0)
        chunks += publisher.finish(now: 0)
        #expect(chunks.map(\.isTruncated) == [false, false, true])
        #expect(chunks.map(\.text) == ["12345678", "ab", "[more output is not published]\n"])
        #expect(publisher.tail.total == 26)
        #expect(publisher.tail.text == "12345678abcdefmoreand more")
    }

    @Test("Exactly the limit is not truncated")
    func exactLimit() {
        var publisher = publisher(limit: 8)
        let chunks = publisher.append(Array("12345678".utf8), .stdout, now: 0) + publisher.finish(now: 0)
        #expect(chunks.map(\.isTruncated) == [false])
    }

    @Test("The tail is the end of what was printed, at most 16 KiB of whole characters")
    func tail() {
        var tail = OutputTail()
        for _ in 0..<5_000 { tail.append("a€🐼", printed: 8) }
        #expect(tail.total == 40_000)
        #expect(tail.text.utf8.count <= OutputTail.limit)
        #expect(tail.text.utf8.count > OutputTail.limit - 4)
        #expect(tail.text.hasSuffix("a€🐼"))
        #expect(!tail.text.unicodeScalars.contains("\u{FFFD}"))
    }

    @Test("Whatever is printed: consecutive numbers, bounded chunks, a bounded sum, text as printed", arguments: 0..<12)
    func property(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limit = [100, 5_000, 30_000, 1 << 20].randomElement(using: &generator) ?? 100
        var publisher = publisher(limit: limit)
        var printed: [OutputChunk.Stream: [UInt8]] = [:]
        var chunks: [OutputChunk] = []
        let bytes = generator.printed(count: 60_000)
        for piece in generator.pieces(of: bytes, longest: 20_000) {
            let stream = OutputChunk.Stream.allCases.randomElement(using: &generator) ?? .stdout
            printed[stream, default: []] += piece
            chunks += publisher.append(piece, stream, now: 0)
            if Bool.random(using: &generator) { chunks += publisher.flush() }
        }
        chunks += publisher.finish(now: 0)
        #expect(chunks.map(\.seq) == Array(0..<Int64(chunks.count)))
        #expect(chunks.allSatisfy { $0.text.utf8.count <= OutputPublisher.chunkSize && !$0.text.isEmpty })
        let isTruncated = chunks.contains { $0.isTruncated }
        #expect(chunks.count { $0.isTruncated } == (isTruncated ? 1 : 0))
        #expect(chunks.last?.isTruncated == isTruncated)
        let published = chunks.filter { !$0.isTruncated }
        #expect(published.map(\.text.utf8.count).reduce(0, +) <= limit)
        for (stream, bytes) in printed {
            let text = Array(published.filter { $0.stream == stream }.map(\.text).joined().utf8)
            let whole = Array(String(decoding: bytes, as: UTF8.self).utf8)
            #expect(isTruncated ? whole.starts(with: text) : whole == text)
        }
        #expect(publisher.tail.total == Int64(bytes.count))
        #expect(publisher.tail.text.utf8.count <= OutputTail.limit)
    }
}
