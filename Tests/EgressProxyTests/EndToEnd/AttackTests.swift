import Foundation
import Testing

@testable import EgressProxy

/// What a hostile program in the sandbox may try at its end of the socket.
@Suite(.serialized) struct AttackTests {
    private let server: LoopbackServer
    private let harness: Harness
    private var port: Int { server.port }

    init() throws {
        let server = try LoopbackServer.echo()
        self.server = server
        let resolver = TestResolver([
            "web.test": [["127.0.0.1"]], "inside.test": [["10.0.0.1"]], "meta.test": [["169.254.169.254"]],
            "mixed.test": [["127.0.0.1", "10.0.0.1"]], "rebind.test": [["127.0.0.1"], ["10.0.0.1"]],
            "mapped.test": [["::ffff:10.0.0.1"]], "nat.test": [["64:ff9b::a9fe:a9fe"]],
        ])
        let names = ["web", "inside", "meta", "mixed", "rebind", "mapped", "nat", "gone"].map {
            "\($0).test:\(server.port)"
        }
        harness = try Harness(names + ["127.0.0.1:\(server.port)"], resolver: resolver)
    }

    private func refusal(_ text: String) throws -> EgressRefusal.Reason? {
        let answer = try harness.answer(to: text)
        #expect(answer.hasPrefix("HTTP/1.1 ") && !answer.hasPrefix("HTTP/1.1 2"), "\(text) → \(answer)")
        let refusal = harness.refusals.last
        #expect(answer.contains("X-Pandar-Egress: \(refusal?.reason.rawValue ?? "none")\r\n"))
        return refusal?.reason
    }

    private func connect(_ target: String) throws -> EgressRefusal.Reason? {
        try refusal("CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n\r\n")
    }

    private func get(_ authority: String) throws -> EgressRefusal.Reason? {
        try refusal("GET http://\(authority)/ HTTP/1.1\r\nHost: \(authority)\r\n\r\n")
    }

    @Test func `The metadata service is reached by no spelling and no name`() throws {
        for host in [
            "169.254.169.254", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fd00:ec2::254]",
            "[64:ff9b::a9fe:a9fe]",
        ] {
            #expect(try get(host) == .addressNotAllowed, "\(host)")
            #expect(try connect(host + ":80") == .addressNotAllowed, "\(host)")
        }
        for host in [
            "2852039166", "0xA9FEA9FE", "0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376", "169.254.43518",
            "169.254.169.254.",
            "%31%36%39.254.169.254", "[169.254.169.254]", "169.254.169.254%00.web.test", "web.test@169.254.169.254",
            "①⑥⑨.254.169.254",
        ] {
            #expect(try get(host) == .malformedHost || host.contains("①"), "\(host)")
            #expect(try connect(host + ":80") != nil, "\(host)")
        }
        for name in ["meta.test", "nat.test"] { #expect(try get("\(name):\(port)") == .addressNotAllowed) }
        #expect(server.connections == 0)
    }

    @Test func `A name that leads inside is refused, also among good answers`() throws {
        for name in ["inside.test", "mixed.test", "mapped.test"] {
            #expect(try connect("\(name):\(port)") == .addressNotAllowed)
            #expect(try get("\(name):\(port)") == .addressNotAllowed)
        }
        #expect(try connect("gone.test:\(port)") == .unresolvable)
        #expect(server.connections == 0)
    }

    @Test func `A name is resolved once, and its next answer is checked anew`() throws {
        let resolver = try #require(harness.resolver as? TestResolver)
        _ = try harness.tunnel(to: "rebind.test:\(port)")
        #expect(resolver.questions == ["rebind.test"])
        #expect(eventually { server.connections == 1 })
        #expect(try connect("rebind.test:\(port)") == .addressNotAllowed)
        #expect(server.connections == 1)
    }

    @Test func `What is not allowed is not even resolved`() throws {
        #expect(try connect("evil.test:\(port)") == .hostNotAllowed)
        #expect(try connect("web.test:22") == .portNotAllowed)
        #expect(try get("web.test") == .portNotAllowed)
        #expect(try get("web.test.evil.test:\(port)") == .hostNotAllowed)
        #expect((harness.resolver as? TestResolver)?.questions.isEmpty == true)
        #expect(harness.refusals.first?.host == "evil.test" && harness.refusals.first?.port == port)
    }

    @Test func `TLS for another host does not leave`() throws {
        var evilTwice = TestHello("web.test")
        evilTwice.serverNames.append(TestHello.extensionContent(["evil.test"]))
        let cases: [([UInt8], EgressRefusal.Reason)] = [
            (TestHello("evil.test").records(), .serverNameMismatch), (TestHello(nil).records(), .serverNameMissing),
            (TestHello("web.test.evil.test").records(of: 30), .serverNameMismatch),
            (evilTwice.records(), .malformedClientHello),
        ]
        for (bytes, reason) in cases {
            let client = try harness.tunnel(to: "web.test:\(port)")
            try client.send(bytes)
            // A fatal alert and nothing else.
            #expect(client.receiveAll() == [21, 3, 3, 0, 2, 2, 112])
            #expect(harness.reasons.last == reason)
        }
        harness.listener.close()
        #expect(harness.transfers.isEmpty && harness.listener.usage.bytesUp == 0)
    }

    @Test func `What is not TLS does not leave through CONNECT`() throws {
        let client = try harness.tunnel(to: "web.test:\(port)")
        try client.send("GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n")
        #expect(client.receiveText().contains("not TLS"))
        let other = try harness.tunnel(to: "web.test:\(port)")
        try other.send("\u{0}\u{1}SSH")
        #expect(other.receiveAll().isEmpty)
        #expect(harness.reasons == [.notTLS, .notTLS] && harness.listener.usage.bytesUp == 0)
    }

    @Test func `Requests that can be read in two ways are refused before anything is resolved`() throws {
        for (head, reason) in RequestHeadTests.refused where !head.isEmpty {
            #expect(try refusal(head + "\r\n\r\n") == reason || head.contains("\r\n\r\n"), "\(head)")
        }
        for bytes in ["\u{5}\u{1}\u{0}", "\u{4}\u{1}", "\u{16}\u{3}\u{1}\u{0}\u{5}"] {
            #expect(try refusal(bytes) == .malformedRequest)
        }
        #expect((harness.resolver as? TestResolver)?.questions.isEmpty == true)
    }

    @Test func `A second request behind the first one does not leave`() throws {
        let server = try LoopbackServer.echoingHead(bodyLength: 3)
        let harness = try Harness(["web.test:\(server.port)", "127.0.0.1:\(server.port)"])
        let head = "POST http://web.test:\(server.port)/ HTTP/1.1\r\nHost: web.test:\(server.port)\r\n"
        let second = "GET http://evil.test/ HTTP/1.1\r\nHost: evil.test\r\n\r\n"
        let answer = try harness.answer(to: head + "Content-Length: 3\r\n\r\nabc" + second, thenEnd: true)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("abc") && !answer.contains("evil"))
        #expect(harness.reasons == [.secondRequest])
        // In a piece of its own, when the answer has begun.
        let client = try harness.client()
        try client.send(head + "Content-Length: 3\r\n\r\nabc")
        _ = try client.receive(until: "abc")
        try client.send(second)
        client.endOutput()
        #expect(client.receiveText().isEmpty)
        harness.listener.close()
        #expect(server.connections == 2)
        #expect(harness.transfers.allSatisfy { $0.bytesUp < 150 })
    }

    @Test func `A chunked body is cut off where it stops being one`() throws {
        let client = try harness.client()
        try client.send(
            "POST http://web.test:\(port)/ HTTP/1.1\r\nHost: web.test:\(port)\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3;x=\r\nabc\r\n0\r\n\r\nGET http://evil.test/ HTTP/1.1\r\n\r\n")
        #expect(!client.receiveText().contains("evil"))
        #expect(harness.reasons == [.ambiguousFraming])
    }

    @Test func `Abrupt ends leave nothing behind`() throws {
        for index in 0..<120 {
            let client = try harness.client()
            switch index % 6 {
            case 0: break
            case 1: try client.send("CONNECT web.te")
            case 2: try client.send("CONNECT web.test:\(port) HTTP/1.1\r\n\r\n")
            case 3: try client.send("CONNECT web.test:\(port) HTTP/1.1\r\n\r\n" + "\u{16}\u{3}")
            case 4:
                try client.send(
                    Array("CONNECT web.test:\(port) HTTP/1.1\r\n\r\n".utf8) + TestHello("web.test").records())
            default: client.endOutput()
            }
        }
        #expect(eventually { harness.listener.usage.open == 0 })
    }
}
