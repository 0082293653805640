import Foundation
import Synchronization
import Testing

@testable import EgressProxy

@Suite(.serialized) struct LimitTests {
    private func limits(_ change: (inout EgressLimits) -> Void) -> EgressLimits {
        var limits = EgressLimits()
        change(&limits)
        return limits
    }

    private func rules(_ server: LoopbackServer) -> [String] {
        ["web.test:\(server.port) tls=false", "api.web.test:\(server.port)", "127.0.0.1:\(server.port)"]
    }

    @Test func `A client that does not finish its head is sent away`() throws {
        let harness = try Harness(["web.test"], limits: limits { $0.headTimeout = .milliseconds(150) })
        let slow = try harness.client()
        try slow.send("GET http://web.test/ HT")
        #expect(slow.receiveText().hasPrefix("HTTP/1.1 408 "))
        #expect(harness.reasons == [.clientTooSlow])
        // One that says nothing is only closed: clients open connections in advance.
        #expect(try harness.client().receiveText().isEmpty)
        #expect(harness.reasons == [.clientTooSlow])
    }

    @Test func `A client that does not finish its ClientHello is sent away`() throws {
        let server = try LoopbackServer.echo()
        let harness = try Harness(rules(server), limits: limits { $0.headTimeout = .milliseconds(300) })
        let client = try harness.tunnel(to: "api.web.test:\(server.port)")
        try client.send(Array(TestHello("api.web.test").records().prefix(20)))
        #expect(client.receiveAll() == [21, 3, 3, 0, 2, 2, 112])
        #expect(harness.reasons == [.clientTooSlow] && harness.listener.usage.bytesUp == 0)
    }

    @Test func `A head of ten megabytes is refused at its limit`() throws {
        let harness = try Harness(["web.test"])
        let client = try harness.client()
        try client.send("GET http://web.test/ HTTP/1.1\r\nX: ")
        for _ in 0..<160 { try client.send([UInt8](repeating: 65, count: 65_536)) }
        #expect(client.receiveText().hasPrefix("HTTP/1.1 431 "))
        #expect(harness.reasons == [.headTooLarge])
    }

    @Test func `A connection too many is told so`() throws {
        let server = try LoopbackServer.echo()
        let harness = try Harness(rules(server), limits: limits { $0.connections = 2 })
        let first = try harness.tunnel(to: "web.test:\(server.port)")
        let second = try harness.tunnel(to: "web.test:\(server.port)")
        #expect(try harness.client().receiveText().hasPrefix("HTTP/1.1 503 "))
        #expect(harness.reasons == [.tooManyConnections])
        first.endOutput()
        #expect(first.receiveAll().isEmpty)
        #expect(eventually { harness.listener.usage.open == 1 })
        _ = try harness.tunnel(to: "web.test:\(server.port)")
        second.endOutput()
    }

    @Test func `A silent connection is closed`() throws {
        let server = try LoopbackServer.echo()
        let harness = try Harness(rules(server), limits: limits { $0.idleTimeout = .milliseconds(150) })
        #expect(try harness.tunnel(to: "web.test:\(server.port)").receiveAll().isEmpty)
        #expect(eventually { harness.listener.usage.open == 0 })
    }

    @Test func `Bytes beyond the limit do not pass, and no connection is made after it`() throws {
        let server = try LoopbackServer.echo()
        let harness = try Harness(rules(server), limits: limits { $0.totalBytes = 100_000 })
        let client = try harness.tunnel(to: "web.test:\(server.port)")
        _ = try? client.send([UInt8](repeating: 1, count: 300_000))
        #expect(client.receiveAll().count <= 100_000)
        #expect(eventually { harness.listener.usage.open == 0 })
        #expect(harness.reasons == [.byteLimit])
        let answer = try harness.answer(to: "CONNECT web.test:\(server.port) HTTP/1.1\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 403 ") && answer.contains("byte_limit"))
        #expect(harness.transfers.allSatisfy { $0.bytesUp + $0.bytesDown <= 100_000 })
    }

    @Test func `A name that does not resolve in time is given up`() throws {
        let gate = Gate()
        defer { gate.open() }
        let harness = try Harness(
            ["web.test"], resolver: gate, limits: limits { $0.connectTimeout = .milliseconds(150) })
        #expect(try harness.answer(to: "CONNECT web.test:443 HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 504 "))
        #expect(harness.reasons == [.connectTimedOut])
        gate.open()
    }

    @Test func `Refusals beyond the limit are counted only`() throws {
        let harness = try Harness([], limits: limits { $0.reportedRefusals = 3 })
        for _ in 0..<10 { _ = try harness.answer(to: "CONNECT evil.test:443 HTTP/1.1\r\n\r\n") }
        #expect(harness.refusals.count == 3 && harness.listener.usage.refused == 10)
    }

    @Test func `A slow client holds its host up, and 200 megabytes pass in the end`() throws {
        let total = 200 * 1024 * 1024
        let sent = Mutex(0)
        let server = try LoopbackServer { socket in
            let block = [UInt8](repeating: 7, count: 65_536)
            for _ in 0..<(total / block.count) {
                try socket.send(block)
                sent.withLock { $0 += block.count }
            }
        }
        let harness = try Harness(rules(server))
        let client = try harness.tunnel(to: "web.test:\(server.port)")
        #expect(settles(sent) < 16 * 1024 * 1024)
        var received = 0
        while true {
            let count = try client.receive(upTo: 1_048_576).count
            if count == 0 { break }
            received += count
        }
        #expect(received == total)
        #expect(harness.listener.usage.bytesDown == UInt64(total))
    }

    @Test func `A slow host holds its client up`() throws {
        let gate = Gate()
        let received = Mutex(0)
        let server = try LoopbackServer { socket in
            gate.wait()
            while true {
                let count = try socket.receive(upTo: 1_048_576).count
                if count == 0 { break }
                received.withLock { $0 += count }
            }
        }
        let harness = try Harness(rules(server))
        let client = try harness.tunnel(to: "web.test:\(server.port)")
        let total = 64 * 1024 * 1024
        let sent = Mutex(0)
        let block = [UInt8](repeating: 7, count: 65_536)
        Thread.detachNewThread {
            for _ in 0..<(total / block.count) {
                guard (try? client.send(block)) != nil else { return }
                sent.withLock { $0 += block.count }
            }
            client.endOutput()
        }
        #expect(settles(sent) < 16 * 1024 * 1024)
        gate.open()
        #expect(client.receiveAll().isEmpty)
        #expect(received.withLock { $0 } == total)
    }

    /// The value when it has not moved for a while.
    private func settles(_ counter: borrowing Mutex<Int>) -> Int {
        var last = -1
        var same = 0
        while same < 40 {
            usleep(10_000)
            let value = counter.withLock { $0 }
            same = value == last && value > 0 ? same + 1 : 0
            last = value
        }
        return last
    }
}

/// Keeps whoever asks waiting until it is opened.
private final class Gate: HostResolver {
    private let condition = NSCondition()
    private let isOpen = Mutex(false)

    func wait() {
        condition.lock()
        while !isOpen.withLock({ $0 }) { condition.wait() }
        condition.unlock()
    }

    func open() {
        condition.lock()
        isOpen.withLock { $0 = true }
        condition.broadcast()
        condition.unlock()
    }

    func addresses(of name: String) throws -> [IPAddress] {
        wait()
        return []
    }
}
