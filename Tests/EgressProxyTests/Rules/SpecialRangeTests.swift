import TestKit
import Testing

@testable import EgressProxy

@Suite struct SpecialRangeTests {
    @Test(arguments: [
        ("169.254.169.254", SpecialRange.Kind.metadata), ("fd00:ec2::254", .metadata), ("100.100.100.200", .metadata),
        ("168.63.129.16", .metadata), ("::ffff:169.254.169.254", .metadata), ("2002:a9fe:a9fe::1", .metadata),
        ("64:ff9b::a9fe:a9fe", .metadata), ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("::1", .loopback),
        ("64:ff9b::7f00:1", .loopback), ("10.0.0.1", .private), ("172.16.0.1", .private), ("172.31.255.255", .private),
        ("192.168.1.1", .private), ("fc00::1", .private), ("fdff::1", .private), ("2002:0a00:0001::", .private),
        ("64:ff9b:1::1", .private), ("100.64.0.1", .sharedCarrier), ("100.127.255.255", .sharedCarrier),
        ("169.254.0.1", .linkLocal), ("fe80::1", .linkLocal), ("224.0.0.1", .multicast), ("ff02::1", .multicast),
        ("0.0.0.0", .unspecified), ("0.1.2.3", .unspecified), ("::", .unspecified), ("255.255.255.255", .reserved),
        ("240.0.0.1", .reserved), ("198.18.0.1", .reserved), ("192.0.2.1", .reserved), ("::7f00:1", .reserved),
        ("2001::1", .reserved), ("2001:db8::1", .reserved), ("2606:4700::5efe:10.0.0.1", .reserved),
        ("2606:4700::200:5efe:10.0.0.1", .reserved), ("5f00::1", .reserved), ("4000::1", .reserved),
    ])
    func `What is not the public internet is special`(text: String, kind: SpecialRange.Kind) throws {
        #expect(SpecialRange.of(try #require(IPAddress(text)))?.kind == kind)
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "126.255.255.255",
        "128.0.0.1", "11.0.0.1", "192.167.255.255", "223.255.255.255", "2606:4700::1111", "2a00:1450::1",
        "64:ff9b::808:808", "2002:0808:0808::1",
    ])
    func `The public internet is not`(text: String) throws {
        #expect(SpecialRange.of(try #require(IPAddress(text))) == nil)
    }

    @Test func `An IPv4 address is as special in every form that carries it`() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let value = UInt32.random(in: 0...UInt32.max, using: &generator)
            let kind = SpecialRange.of(.v4(value))?.kind
            let forms = [
                IPAddress(halves: 0, 0xFFFF_0000_0000 | UInt64(value)),
                IPAddress(halves: 0x0064_FF9B_0000_0000, UInt64(value)),
                IPAddress(halves: 0x2002_0000_0000_0000 | UInt64(value) << 16, 1),
            ]
            for form in forms { #expect(SpecialRange.of(form)?.kind == kind, "\(form)") }
        }
    }

    @Test func `A network holds exactly the addresses with its prefix`() throws {
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<20_000 {
            let length = Int.random(in: 1...32, using: &generator)
            let base = UInt32.random(in: 0...UInt32.max, using: &generator) & ~(UInt32.max >> UInt32(length))
            let network = try #require(IPNetwork(.v4(base), prefixLength: length))
            let size = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(32 - length)) - 1)
            #expect(network.contains(.v4(base)) && network.contains(.v4(base | size)))
            #expect(!network.contains(.v4(base &- 1)) && !network.contains(.v4((base | size) &+ 1)))
        }
    }

    @Test(arguments: ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "1::/0", "/8"])
    func `A network whose text is wrong is none`(text: String) { #expect(IPNetwork(text) == nil) }
}
