import Foundation
import Testing

@testable import EgressProxy

/// The C forwarder before the proxy, as in a sandbox.
@Suite(.serialized) struct ForwarderTests {
    private func harness(_ server: LoopbackServer) throws -> Harness {
        try Harness(["web.test:\(server.port) tls=false", "127.0.0.1:\(server.port)"])
    }

    private func tunnel(_ forwarder: Int, to server: LoopbackServer) throws -> TestSocket {
        let client = try TestSocket(port: forwarder)
        try client.send("CONNECT web.test:\(server.port) HTTP/1.1\r\n\r\n")
        let answer = try client.receive(until: "\r\n\r\n")
        guard answer.hasPrefix("HTTP/1.1 200 ") else { throw TestProgram.Failure(detail: answer) }
        return client
    }

    @Test func `Bytes pass both ways, and each direction ends by itself`() throws {
        let server = try LoopbackServer { socket in
            let request = socket.receiveAll()
            try socket.send(request)
        }
        let harness = try harness(server)
        let (program, port) = try TestProgram.forward(to: harness.listener.socketPath)
        let client = try tunnel(port, to: server)
        let block = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try client.send(block)
        client.endOutput()
        #expect(client.receiveAll() == block)
        #expect(program.isRunning)
        #expect(eventually { harness.listener.usage.open == 0 })
    }

    @Test func `A slow program holds its host up, and all of it arrives`() throws {
        let block = [UInt8](repeating: 9, count: 32 * 1024 * 1024)
        let server = try LoopbackServer { try $0.send(block) }
        let harness = try harness(server)
        let (program, port) = try TestProgram.forward(to: harness.listener.socketPath)
        let client = try tunnel(port, to: server)
        var last: UInt64 = 0
        #expect(
            eventually {
                usleep(100_000)
                let now = harness.listener.usage.bytesDown
                defer { last = now }
                return now > 0 && now == last
            })
        #expect(last < 16 * 1024 * 1024)
        #expect(client.receiveAll().count == block.count)
        #expect(program.isRunning)
    }

    @Test func `Two hundred programs at once are served`() throws {
        let server = try LoopbackServer.echo()
        let harness = try harness(server)
        let (program, port) = try TestProgram.forward(to: harness.listener.socketPath)
        let clients = try (0..<200).map { _ in try tunnel(port, to: server) }
        for (index, client) in clients.enumerated() { try client.send("\(index)\n") }
        for (index, client) in clients.enumerated() { #expect(try client.receive(until: "\n") == "\(index)\n") }
        for client in clients { client.endOutput() }
        #expect(eventually { harness.listener.usage.open == 0 })
        #expect(program.isRunning)
    }

    @Test func `Out of descriptors it waits, and goes on when some are free`() throws {
        let server = try LoopbackServer.echo()
        let harness = try harness(server)
        let (program, port) = try TestProgram.forward(to: harness.listener.socketPath, descriptors: 24)
        var clients = try (0..<60).map { _ in try TestSocket(port: port) }
        #expect(eventually { harness.listener.usage.open >= 8 })
        clients.removeAll()
        #expect(eventually { harness.listener.usage.open == 0 })
        let client = try tunnel(port, to: server)
        try client.send("still here\n")
        #expect(try client.receive(until: "\n") == "still here\n")
        #expect(program.isRunning)
    }

    @Test func `Without a proxy connections end, and it survives abrupt ones`() throws {
        let server = try LoopbackServer.echo()
        let harness = try harness(server)
        let (program, port) = try TestProgram.forward(to: harness.listener.socketPath)
        for index in 0..<100 {
            let client = try TestSocket(port: port)
            if index.isMultiple(of: 2) { try client.send("CONNECT web.test:\(server.port) HTTP/1.1\r\n\r\n") }
            if index.isMultiple(of: 3) { client.reset() }
        }
        #expect(eventually { harness.listener.usage.open == 0 })
        let open = try tunnel(port, to: server)
        harness.listener.close()
        #expect(open.receiveAll().isEmpty)
        #expect(try TestSocket(port: port).receiveAll().isEmpty)
        #expect(program.isRunning)
    }
}
