import TestKit
import Testing

@testable import EgressProxy

@Suite struct ClientHelloTests {
    private let target = EgressTarget(host: .name("api.example"), port: 443)

    private func name(_ progress: ClientHello.Progress) -> String? {
        if case .complete(let hello) = progress { hello.serverName } else { nil }
    }

    private func isMalformed(_ progress: ClientHello.Progress) -> Bool {
        if case .malformed = progress { true } else { false }
    }

    @Test(arguments: [16_384, 100, 40, 5, 4, 3]) func `The name is found in however many records`(size: Int) {
        let bytes = TestHello("api.example").records(of: size)
        #expect(name(ClientHello.read(bytes)) == "api.example")
        for count in 0..<bytes.count { #expect(ClientHello.read(Array(bytes[..<count])) == .incomplete) }
        #expect(name(ClientHello.read(bytes + [20, 3, 3, 0, 1, 1])) == "api.example")
    }

    @Test func `Too many records are malformed`() {
        #expect(isMalformed(ClientHello.read(TestHello("api.example").records(of: 1))))
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "SSH-2.0-x\r\n", "\u{5}\u{1}\0", "\u{16}\u{2}\u{1}"])
    func `Other protocols are not TLS`(text: String) { #expect(ClientHello.read(Array(text.utf8)) == .notTLS) }

    @Test func `SSL 2 is not TLS`() { #expect(ClientHello.read([0x80, 0x2E, 1, 3, 1]) == .notTLS) }

    @Test func `Tricks with its structure are malformed`() {
        var twice = TestHello("api.example")
        twice.serverNames.append(TestHello.extensionContent(["evil.example"]))
        var two = TestHello(nil)
        two.serverNames = [TestHello.extensionContent(["api.example", "evil.example"])]
        var empty = TestHello(nil)
        empty.serverNames = [TestHello.extensionContent([""])]
        var nul = TestHello(nil)
        nul.serverNames = [TestHello.extensionContent(["api.example\0"])]
        var none = TestHello(nil)
        none.serverNames = [[]]
        var trailing = TestHello("api.example")
        trailing.trailing = [0]
        for hello in [twice, two, empty, nul, none, trailing] {
            #expect(isMalformed(ClientHello.read(hello.records())), "\(hello)")
        }
        let bytes = TestHello("api.example").records()
        var server = bytes
        server[5] = 2
        #expect(isMalformed(ClientHello.read(server)))
        #expect(isMalformed(ClientHello.read([22, 3, 1, 0, 0] + bytes)))
        #expect(isMalformed(ClientHello.read([22, 3, 1, 0xFF, 0xFF] + bytes)))
        // A second message in the record of the first.
        let both = TestHello("api.example").message + TestHello("evil.example").message
        #expect(isMalformed(ClientHello.read([22, 3, 1] + TestHello.vector(2, both))))
        // A record of another kind between two parts of the message.
        let split = TestHello("api.example").records(of: 50)
        #expect(isMalformed(ClientHello.read(Array(split[..<55]) + [23, 3, 3, 0, 1, 0] + split[55...])))
    }

    @Test func `A ClientHello without end is given up`() {
        let record: [UInt8] = [22, 3, 1, 0x40, 0] + [1, 0, 0x7F, 0] + Array(repeating: 0, count: 16_380)
        #expect(isMalformed(ClientHello.read(record + record + record)))
        #expect(isMalformed(ClientHello.read([22, 3, 1, 0, 4, 1, 0xFF, 0xFF, 0xFF])))
    }

    @Test func `The name must be the host's`() throws {
        func reason(_ name: String?, _ target: EgressTarget) -> EgressRefusal.Reason? {
            guard case .complete(let hello) = ClientHello.read(TestHello(name).records()) else { return .notTLS }
            return hello.refusal(for: target)?.reason
        }
        #expect(reason("api.example", target) == nil)
        #expect(reason("API.Example.", target) == nil)
        #expect(reason(nil, target) == .serverNameMissing)
        for other in [
            "evil.example", "api.example.evil.example", "xapi.example", "10.0.0.1", "2852039166", "*.example", "a%b",
        ] {
            #expect(reason(other, target) == .serverNameMismatch)
        }
        let address = EgressTarget(host: try EgressHost(parsing: "10.1.2.3"), port: 443)
        #expect(reason(nil, address) == nil)
        #expect(reason("10.1.2.3", address) == nil)
        #expect(reason("evil.example", address) == .serverNameMismatch)
        let wide = EgressTarget(host: try EgressHost(parsing: "[fd00::1]"), port: 443)
        #expect(reason("fd00::1", wide) == nil)
    }

    @Test func `No damage makes it read past its end, and pieces give what the whole gives`() {
        var generator = SeededGenerator(seed: 41)
        var complete = 0
        for index in 0..<40_000 {
            let source = TestHello("api.example").records(of: [16_384, 60, 20][index % 3])
            let bytes = Mutation.mutated(source, times: 0...3, using: &generator)
            let whole = ClientHello.read(bytes)
            if case .complete = whole { complete += 1 }
            // A prefix is undecided or decided as the whole is.
            let part = ClientHello.read(Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))))
            if case .complete = part { #expect(part == whole) }
            if part == .notTLS { #expect(whole == .notTLS) }
            if case .malformed = part { #expect(isMalformed(whole)) }
        }
        #expect(complete > 5_000)
    }
}
