import Foundation
import Testing

@testable import EgressProxy

@Suite(.serialized) struct ExchangeTests {
    @Test func `A plain request reaches its host in the form for hosts`() throws {
        let server = try LoopbackServer.echoingHead()
        let harness = try Harness(["web.test:\(server.port)", "127.0.0.1:\(server.port)"])
        let answer = try harness.answer(
            to: "GET http://web.test:\(server.port)/a?b HTTP/1.1\r\nHost: web.test:\(server.port)\r\nX: 1\r\n\r\n",
            thenEnd: true)
        #expect(
            answer.contains(
                "\r\nConnection: close\r\n\r\nGET /a?b HTTP/1.1\r\nHost: web.test:\(server.port)\r\nX: 1\r\n"))
        #expect(!answer.contains("keep-alive"))
        harness.listener.close()
        #expect(harness.refusals.isEmpty)
        let transfer = try #require(harness.transfers.first)
        #expect(transfer.host == "web.test" && transfer.port == server.port && transfer.bytesUp > 50)
        #expect(transfer.bytesDown == UInt64(answer.utf8.count))
        #expect(harness.listener.usage.bytesDown == transfer.bytesDown && harness.listener.usage.allowed == 1)
    }

    @Test func `A body goes with its request, in whatever pieces it comes`() throws {
        let server = try LoopbackServer.echoingHead(bodyLength: 11)
        let harness = try Harness(["web.test:\(server.port)", "127.0.0.1:\(server.port)"])
        let client = try harness.client()
        let head =
            "POST http://web.test:\(server.port)/ HTTP/1.1\r\nHost: web.test:\(server.port)\r\nContent-Length: 11\r\n\r\n"
        for byte in Array((head + "hello world").utf8) { try client.send([byte]) }
        client.endOutput()
        #expect(client.receiveText().hasSuffix("\r\n\r\nhello world"))
        #expect(harness.refusals.isEmpty)
    }

    @Test func `A tunnel carries TLS for its host both ways, and counts it`() throws {
        let server = try LoopbackServer.echo()
        let harness = try Harness(["api.web.test:\(server.port)", "127.0.0.1:\(server.port)"])
        let client = try harness.tunnel(to: "API.web.test:\(server.port)")
        let hello = TestHello("api.web.test").records(of: 40)
        for piece in stride(from: 0, to: hello.count, by: 9) {
            try client.send(Array(hello[piece..<min(piece + 9, hello.count)]))
        }
        try client.send("more")
        client.endOutput()
        #expect(client.receiveAll() == hello + Array("more".utf8))
        harness.listener.close()
        let count = UInt64(hello.count + 4)
        #expect(
            harness.transfers
                == [EgressTransfer(host: "api.web.test", port: server.port, bytesUp: count, bytesDown: count)])
        #expect(harness.refusals.isEmpty)
    }

    @Test func `Each direction of a tunnel ends by itself`() throws {
        let server = try LoopbackServer { socket in
            let request = socket.receiveText()
            try socket.send("got \(request)")
        }
        let harness = try Harness(["web.test:\(server.port) tls=false", "127.0.0.1:\(server.port)"])
        let client = try harness.tunnel(to: "web.test:\(server.port)")
        try client.send("all")
        client.endOutput()
        #expect(client.receiveText() == "got all")
    }

    @Test func `A host that speaks first is heard where TLS is dispensed with`() throws {
        let server = try LoopbackServer { socket in
            try socket.send("SSH-2.0-test\r\n")
            _ = try socket.receive()
        }
        let harness = try Harness(["web.test:\(server.port) tls=false", "127.0.0.1:\(server.port)"])
        let client = try harness.tunnel(to: "web.test:\(server.port)")
        #expect(try client.receive(until: "\n") == "SSH-2.0-test\r\n")
    }

    @Test func `A plain answer that the host ends by closing arrives whole`() throws {
        let body = String(repeating: "0123456789", count: 200_000)
        let server = try LoopbackServer { socket in
            _ = try socket.receive(until: "\r\n\r\n")
            try socket.send("HTTP/1.0 200 OK\r\n\r\n" + body)
        }
        let harness = try Harness(["web.test:\(server.port)", "127.0.0.1:\(server.port)"])
        let answer = try harness.answer(
            to: "GET http://web.test:\(server.port)/ HTTP/1.1\r\nHost: web.test:\(server.port)\r\n\r\n")
        #expect(answer == "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n" + body)
    }

    @Test func `Two hundred connections at once are served`() throws {
        let server = try LoopbackServer.echo()
        let harness = try Harness(["web.test:\(server.port) tls=false", "127.0.0.1:\(server.port)"])
        let clients = try (0..<200).map { _ in try harness.tunnel(to: "web.test:\(server.port)") }
        #expect(harness.listener.usage.open == 200)
        for (index, client) in clients.enumerated() { try client.send("number \(index)\n") }
        for (index, client) in clients.enumerated() { #expect(try client.receive(until: "\n") == "number \(index)\n") }
        for client in clients { client.endOutput() }
        for client in clients { #expect(client.receiveAll().isEmpty) }
        #expect(eventually { harness.listener.usage.open == 0 })
        #expect(harness.transfers.count == 200 && harness.refusals.isEmpty)
    }

    @Test func `The second address is tried when the first does not answer`() throws {
        let server = try LoopbackServer.echo()
        // Nothing listens on 127.0.0.2 at that port.
        let resolver = TestResolver(["web.test": [["127.0.0.2", "127.0.0.1"]]])
        let harness = try Harness(
            ["web.test:\(server.port) tls=false", "127.0.0.0/8:\(server.port)"], resolver: resolver)
        let client = try harness.tunnel(to: "web.test:\(server.port)")
        try client.send("x\n")
        #expect(try client.receive(until: "\n") == "x\n")
    }
}
