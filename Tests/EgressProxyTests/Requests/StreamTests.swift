import TestKit
import Testing

@testable import EgressProxy

@Suite struct StreamTests {
    private func pieces(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [[UInt8]] {
        var rest = bytes[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 7), using: &generator)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    @Test func `A head is the same in whatever pieces it comes`() {
        var generator = SeededGenerator(seed: 31)
        let bytes = Array("GET / HTTP/1.1\r\nA: b\r\r\nC: d\r\n\r\nbody\r\n\r\n".utf8)
        for _ in 0..<500 {
            var collector = HeadCollector(limit: 1_000)
            var seen: [UInt8] = []
            for piece in pieces(bytes, &generator) {
                seen += piece
                guard case .complete(let head, let rest) = collector.append(piece) else { continue }
                #expect(head == Array("GET / HTTP/1.1\r\nA: b\r\r\nC: d".utf8))
                #expect(head + Array("\r\n\r\n".utf8) + rest == seen)
                break
            }
        }
    }

    @Test func `A head that does not end is given up at its limit`() {
        var collector = HeadCollector(limit: 100)
        #expect(collector.append(Array(repeating: UInt8(65), count: 99)) == .incomplete)
        #expect(collector.append([65]) == .tooLarge)
        var other = HeadCollector(limit: 10)
        #expect(other.append(Array(("0123456789" + "\r\n\r\n").utf8)) == .tooLarge)
    }

    @Test(arguments: [
        "5\r\nhello\r\n0\r\n\r\n", "0\r\n\r\n", "00000a\r\n0123456789\r\n0\r\n\r\n",
        "9\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n",
    ])
    func `A chunked body ends where it ends`(text: String) {
        var generator = SeededGenerator(seed: 32)
        let body = Array(text.utf8)
        for _ in 0..<200 {
            var scanner = BodyScanner(.chunked)
            var consumed = 0
            for piece in pieces(body + Array("GET http://evil/ HTTP/1.1".utf8), &generator) where !scanner.isComplete {
                switch scanner.consume(piece) {
                case .all: consumed += piece.count
                case .ends(let count): consumed += count
                case .malformed: Issue.record("malformed")
                }
            }
            #expect(scanner.isComplete && consumed == body.count)
        }
    }

    @Test(arguments: [
        "x\r\n", "\r\n", "5;ext=1\r\nhello\r\n", "5\nhello\n", "5 \r\nhello", "0x5\r\nhello", "-5\r\n", "5\r\nhelloX",
        "5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n", "1000000000000\r\n", "5\r\nhello\n0\r\n\r\n", "0\r\nX", "0\r\n\r\r",
    ])
    func `Chunks that two readers could part differently are malformed`(text: String) {
        var scanner = BodyScanner(.chunked)
        #expect(scanner.consume(Array(text.utf8)) == .malformed)
    }

    @Test func `A body of a length ends there`() {
        var scanner = BodyScanner(.length(5))
        #expect(scanner.consume(Array("hel".utf8)) == .all)
        #expect(scanner.consume(Array("loGET ".utf8)) == .ends(after: 2))
        #expect(scanner.consume(Array("x".utf8)) == .ends(after: 0))
        var empty = BodyScanner(.length(0))
        #expect(empty.isComplete && empty.consume([1]) == .ends(after: 0))
    }

    @Test func `A final response is made to say that the connection closes`() {
        var generator = SeededGenerator(seed: 33)
        let source =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: keep-alive\r\nX: 1\r\nKeep-Alive: 5\r\n\r\nbody\r\n\r\nx"
        let wanted = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nX: 1\r\nConnection: close\r\n\r\nbody\r\n\r\nx"
        for _ in 0..<300 {
            var filter = ResponseFilter()
            var output: [UInt8] = []
            for piece in pieces(Array(source.utf8), &generator) { output += filter.pass(piece) ?? [] }
            #expect(String(decoding: output, as: UTF8.self) == wanted)
            #expect(filter.isOpen)
        }
    }

    @Test(arguments: ["SSH-2.0-OpenSSH\r\n", "HTTP/2 200\r\n\r\n", "HELO\r\n\r\n", "HTTP/1.1\r\n\r\n"])
    func `What is no response is not passed on`(text: String) {
        var filter = ResponseFilter()
        #expect(filter.pass(Array(text.utf8)) == nil)
    }
}
