import TestKit
import Testing

@testable import EgressProxy

@Suite struct RequestHeadTests {
    static func parse(_ text: String) throws -> RequestHead { try RequestHead(parsing: Array(text.utf8)) }

    private func plain(_ text: String) throws -> (head: String, body: BodyFraming) {
        let request = try Self.parse(text)
        guard case .plain(let head, let body) = request.kind else { throw CancellationError() }
        return (String(decoding: head, as: UTF8.self), body)
    }

    @Test(arguments: [
        "CONNECT api.example:443 HTTP/1.1\r\nHost: api.example:443", "CONNECT API.example.:443 HTTP/1.0",
        "CONNECT api.example:443 HTTP/1.1\r\nHost: api.example\r\nProxy-Connection: keep-alive\r\nContent-Length: 0",
    ])
    func `CONNECT is read as clients send it`(text: String) throws {
        let request = try Self.parse(text)
        #expect(request.kind == .connect)
        #expect(request.target == EgressTarget(host: .name("api.example"), port: 443))
    }

    @Test func `A plain request is turned into the form for hosts`() throws {
        let (head, body) = try plain(
            "POST http://API.example:8080/a?b=c HTTP/1.1\r\nHost: api.example:8080\r\nContent-Length: 5\r\n"
                + "Connection: keep-alive, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: 3\r\nUpgrade: h2c\r\n"
                + "HTTP2-Settings: AAMAAABkAAQAAP__\r\nProxy-Authorization: Basic eA==\r\nX-Kept: ü")
        #expect(
            head == "POST /a?b=c HTTP/1.1\r\nHost: api.example:8080\r\nContent-Length: 5\r\nX-Kept: ü\r\n"
                + "Connection: close\r\n\r\n")
        #expect(body == .length(5))
    }

    @Test(arguments: [("http://a.example", "/"), ("http://a.example/", "/"), ("HTTP://a.example?q", "/?q")])
    func `The path is never empty`(uri: String, path: String) throws {
        let (head, _) = try plain("GET \(uri) HTTP/1.1\r\nHost: a.example")
        #expect(head.hasPrefix("GET \(path) HTTP/1.1\r\nHost: a.example\r\n"))
    }

    @Test func `Chunks are known as such`() throws {
        let (_, body) = try plain("POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: Chunked")
        #expect(body == .chunked)
    }

    private static let get = "GET http://a.example/ HTTP/1.1\r\n"
    private static let post = "POST http://a.example/ HTTP/1.1\r\nHost: a.example\r\n"

    static let refused: [(String, EgressRefusal.Reason)] = [
        ("", .malformedRequest), ("GET", .malformedRequest), ("GET /", .malformedRequest),
        ("GET  http://a.example/ HTTP/1.1", .malformedRequest), ("GET http://a.example/ HTTP/2.0", .malformedRequest),
        ("PRI * HTTP/2.0", .malformedRequest), ("GET http://a.example/ HTTP/1.1 x", .malformedRequest),
        ("GET /path HTTP/1.1\r\nHost: a.example", .malformedRequest), ("OPTIONS * HTTP/1.1", .malformedRequest),
        ("G\0T http://a.example/ HTTP/1.1", .malformedRequest),
        ("GET http://a.example/\u{7F} HTTP/1.1", .malformedRequest),
        ("GET http://a.example/ü HTTP/1.1\r\nHost: a.example", .malformedRequest),
        ("GET http://a.example/#f HTTP/1.1\r\nHost: a.example", .malformedRequest),
        ("GET https://a.example/ HTTP/1.1\r\nHost: a.example", .unsupportedScheme),
        ("GET ftp://a.example/ HTTP/1.1", .unsupportedScheme), ("GET file:///etc/passwd HTTP/1.1", .unsupportedScheme),
        ("GET http:/a.example/ HTTP/1.1", .unsupportedScheme),
        // Lines.
        (get + "Host: a.example\nX: 1", .malformedRequest), (get + "Host: a.example\r\n X: folded", .malformedRequest),
        (get + "Host : a.example", .malformedRequest), (get + "Host: a.example\rX: 1", .malformedRequest),
        (get + "Host: a.example\r\nX: a\0b", .malformedRequest), (get + "Host: a.example\r\n: x", .malformedRequest),
        (get + "Host: a.example\r\nX", .malformedRequest), (get + "\r\nHost: a.example", .malformedRequest),
        (get + "Host: a.example" + String(repeating: "\r\nX: 1", count: 200), .malformedRequest),
        // Host.
        (get + "X: 1", .hostMismatch), (get + "Host: evil.example", .hostMismatch),
        (get + "Host: a.example:81", .hostMismatch),
        (get + "Host: a.example\r\nHost: a.example", .hostMismatch), (get + "Host: ", .malformedHost),
        (get + "Host: a.example, evil.example", .malformedHost), (get + "Host: a.example:80:80", .malformedHost),
        ("CONNECT a.example:443 HTTP/1.1\r\nHost: evil.example:443", .hostMismatch),
        ("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:22", .hostMismatch),
        ("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\nHost: a.example", .hostMismatch),
        // Authorities.
        ("CONNECT a.example HTTP/1.1", .malformedHost), ("CONNECT a.example: HTTP/1.1", .malformedHost),
        ("CONNECT :443 HTTP/1.1", .malformedHost), ("CONNECT a.example:443/x HTTP/1.1", .malformedHost),
        ("CONNECT a.example:0443 HTTP/1.1", .malformedHost), ("CONNECT a.example:+443 HTTP/1.1", .malformedHost),
        ("CONNECT a.example:65536 HTTP/1.1", .malformedHost), ("CONNECT http://a.example:443 HTTP/1.1", .malformedHost),
        ("CONNECT u@a.example:443 HTTP/1.1", .malformedHost), ("CONNECT [a.example]:443 HTTP/1.1", .malformedHost),
        ("CONNECT 2852039166:443 HTTP/1.1", .malformedHost), ("CONNECT ::1:443 HTTP/1.1", .malformedHost),
        ("GET http://u:p@a.example/ HTTP/1.1", .malformedHost), ("GET http://a.example%00.b/ HTTP/1.1", .malformedHost),
        ("GET http://a.example\\@evil.example/ HTTP/1.1", .malformedHost), ("GET http:///x HTTP/1.1", .malformedHost),
        ("GET http://a.example:80:80/ HTTP/1.1", .malformedHost),
        // Framing.
        (post + "Content-Length: 1\r\nTransfer-Encoding: chunked", .ambiguousFraming),
        (post + "Content-Length: 1\r\nContent-Length: 1", .ambiguousFraming),
        (post + "Content-Length: 1, 1", .ambiguousFraming), (post + "Content-Length: +1", .ambiguousFraming),
        (post + "Content-Length: 0x1", .ambiguousFraming), (post + "Content-Length: -1", .ambiguousFraming),
        (post + "Content-Length:", .ambiguousFraming),
        (post + "Content-Length: 99999999999999999999", .ambiguousFraming),
        (post + "Transfer-Encoding: identity", .ambiguousFraming),
        (post + "Transfer-Encoding: gzip, chunked", .ambiguousFraming),
        (post + "Transfer-Encoding: xchunked", .ambiguousFraming),
        (post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .ambiguousFraming),
        (post + "Transfer-Encoding : chunked", .malformedRequest),
        (post + "Transfer-Encoding: \u{0B}chunked", .malformedRequest),
        (post + "Connection: close, Content-Length\r\nContent-Length: 5", .ambiguousFraming),
        (post + "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked", .ambiguousFraming),
        (get + "Host: a.example\r\nConnection: host", .ambiguousFraming),
        ("POST http://a.example/ HTTP/1.0\r\nTransfer-Encoding: chunked", .ambiguousFraming),
        ("CONNECT a.example:443 HTTP/1.1\r\nContent-Length: 5", .ambiguousFraming),
        ("CONNECT a.example:443 HTTP/1.1\r\nTransfer-Encoding: chunked", .ambiguousFraming),
    ]

    @Test(arguments: refused) func `What could be read in two ways is refused`(
        text: String, reason: EgressRefusal.Reason
    ) {
        let error = #expect(throws: EgressRefusal.self) { try Self.parse(text) }
        #expect(error?.reason == reason)
    }

    @Test func `No damage to a request lets it ask for another host`() {
        let seeds = [
            "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443",
            "POST http://a.example/x HTTP/1.1\r\nHost: a.example\r\nContent-Length: 3\r\nConnection: x\r\nX: y",
        ]
        var generator = SeededGenerator(seed: 21)
        var read = 0
        for index in 0..<60_000 {
            let bytes = Mutation.mutated(Array(seeds[index % 2].utf8), times: 0...4, using: &generator)
            guard let request = try? RequestHead(parsing: bytes) else { continue }
            read += 1
            guard case .plain(let head, _) = request.kind else { continue }
            // What goes out is one head whose Host is the checked target, and is read in the same way again.
            let text = String(decoding: head, as: UTF8.self)
            #expect(text.components("\r\n\r\n") == 2 && text.hasSuffix("\r\nConnection: close\r\n\r\n"))
            #expect(!head.contains(0))
            let port = request.target.port == 80 ? "" : ":\(request.target.port)"
            #expect(text.contains("\r\nHost: \(request.target.host)\(port)\r\n"))
            #expect(text.lowercased().components("\r\nhost:") == 2)
            #expect(text.components("\n") == text.components("\r\n"))
        }
        #expect(read > 5_000)
    }
}

extension String {
    /// How many pieces the separator makes, by bytes.
    fileprivate func components(_ separator: String) -> Int {
        let bytes = Array(utf8)
        let wanted = Array(separator.utf8)
        return 1 + bytes.indices.filter { bytes[$0...].starts(with: wanted) }.count
    }
}
