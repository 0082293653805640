import Foundation
import Synchronization
import Testing

@testable import EgressProxy

/// A resolver whose answers are given; the last one is repeated.
final class TestResolver: HostResolver {
    private let answers: Mutex<[String: [[String]]]>
    private let asked = Mutex<[String]>([])

    init(_ answers: [String: [[String]]]) { self.answers = Mutex(answers) }

    var questions: [String] { asked.withLock { $0 } }

    func addresses(of name: String) throws -> [IPAddress] {
        asked.withLock { $0.append(name) }
        guard
            let next = answers.withLock({ answers -> [String]? in
                guard let list = answers[name], let first = list.first else { return nil }
                if list.count > 1 { answers[name] = Array(list.dropFirst()) }
                return first
            })
        else { throw SystemResolver.Failure(code: -2) }
        return next.compactMap { IPAddress($0) }
    }
}

/// A proxy with one socket in a folder of its own.
final class Harness: Sendable {
    let resolver: any HostResolver
    let proxy: EgressProxy
    let listener: EgressListener
    private let folder: String
    private let seen: Seen

    private final class Seen: Sendable {
        let refusals = Mutex<[EgressRefusal]>([])
        let transfers = Mutex<[EgressTransfer]>([])
    }

    /// Names that end in `.test` are this machine.
    static let standard = ["web.test": [["127.0.0.1"]], "api.web.test": [["127.0.0.1"]]]

    init(
        _ rules: [String], resolver: any HostResolver = TestResolver(Harness.standard), mode: UInt32 = 0o600,
        limits: EgressLimits = EgressLimits()
    ) throws {
        let seen = Seen()
        folder = NSTemporaryDirectory() + "pandar-egress-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        self.resolver = resolver
        self.seen = seen
        proxy = EgressProxy(resolver: resolver)
        listener = try proxy.open(
            socketPath: folder + "/egress", mode: mode, rules: EgressRules(parsing: rules), limits: limits,
            observer: EgressObserver(
                onRefusal: { refusal in seen.refusals.withLock { $0.append(refusal) } },
                onClosed: { transfer in seen.transfers.withLock { $0.append(transfer) } }))
    }

    deinit {
        proxy.shutdown()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var refusals: [EgressRefusal] { seen.refusals.withLock { $0 } }
    var reasons: [EgressRefusal.Reason] { refusals.map(\.reason) }
    var transfers: [EgressTransfer] { seen.transfers.withLock { $0 } }

    func client() throws -> TestSocket { try TestSocket(unix: listener.socketPath) }

    /// Sends it on a connection of its own and reads the answer to its end.
    func answer(to text: String, thenEnd: Bool = false) throws -> String {
        let client = try client()
        try client.send(text)
        if thenEnd { client.endOutput() }
        return client.receiveText()
    }

    /// A tunnel, after the proxy's consent.
    func tunnel(to target: String) throws -> TestSocket {
        let client = try client()
        try client.send("CONNECT \(target) HTTP/1.1\r\nHost: \(target)\r\n\r\n")
        let answer = try client.receive(until: "\r\n\r\n")
        #expect(answer == "HTTP/1.1 200 Connection established\r\n\r\n")
        return client
    }
}

/// Waits until it holds, two minutes at the most.
func eventually(_ condition: () -> Bool) -> Bool {
    let deadline = Date().addingTimeInterval(120)
    while !condition() {
        guard Date() < deadline else { return false }
        usleep(5_000)
    }
    return true
}
