import Foundation
import Testing

@testable import EgressProxy

@Suite(.serialized) struct ListenerTests {
    @Test func `Closing ends every connection, removes the socket and silences the observer`() throws {
        let server = try LoopbackServer.echo()
        let harness = try Harness(["web.test:\(server.port) tls=false", "127.0.0.1:\(server.port)"])
        let clients = try (0..<10).map { _ in try harness.tunnel(to: "web.test:\(server.port)") }
        harness.listener.close()
        #expect(harness.transfers.count == 10 && harness.listener.usage.open == 0)
        for client in clients { #expect(client.receiveAll().isEmpty) }
        #expect(!FileManager.default.fileExists(atPath: harness.listener.socketPath))
        #expect(throws: TestSocket.Failure.self) { try harness.client() }
        harness.listener.close()
        #expect(harness.transfers.count == 10)
    }

    @Test(arguments: [UInt32(0o600), 0o666]) func `The socket has the mode that was asked for`(mode: UInt32) throws {
        let harness = try Harness([], mode: mode)
        let attributes = try FileManager.default.attributesOfItem(atPath: harness.listener.socketPath)
        #expect(attributes[.posixPermissions] as? Int == Int(mode))
    }

    @Test func `A socket of a dead process is replaced, a file is not`() throws {
        let harness = try Harness([])
        let path = harness.listener.socketPath
        let second = try harness.proxy.open(socketPath: path, rules: .none)
        // The first one's end does not take the second one's file away.
        harness.listener.close()
        #expect(FileManager.default.fileExists(atPath: path))
        second.close()
        #expect(FileManager.default.createFile(atPath: path, contents: Data("kept".utf8)))
        #expect(throws: EgressSocketError.self) { try harness.proxy.open(socketPath: path, rules: .none) }
        #expect(FileManager.default.contents(atPath: path) == Data("kept".utf8))
    }

    @Test func `A path that is too long says so`() throws {
        let harness = try Harness([])
        let error = #expect(throws: EgressSocketError.self) {
            try harness.proxy.open(socketPath: "/tmp/" + String(repeating: "a", count: 120), rules: .none)
        }
        #expect(error.map { "\($0)".contains("shorter") } == true)
    }

    @Test func `Listeners have rules and counters of their own`() throws {
        let server = try LoopbackServer.echo()
        let harness = try Harness(["web.test:\(server.port) tls=false", "127.0.0.1:\(server.port)"])
        let other = try harness.proxy.open(socketPath: harness.listener.socketPath + "2", rules: .none)
        _ = try harness.tunnel(to: "web.test:\(server.port)")
        let client = try TestSocket(unix: other.socketPath)
        try client.send("CONNECT web.test:\(server.port) HTTP/1.1\r\n\r\n")
        #expect(client.receiveText().hasPrefix("HTTP/1.1 403 "))
        #expect(other.usage.refused == 1 && harness.listener.usage.refused == 0 && harness.listener.usage.allowed == 1)
    }

    @Test func `The system's resolver knows this machine`() throws {
        #expect(try SystemResolver().addresses(of: "localhost").contains { SpecialRange.of($0)?.kind == .loopback })
        #expect(throws: SystemResolver.Failure.self) { try SystemResolver().addresses(of: "no-such-host.invalid") }
    }
}
