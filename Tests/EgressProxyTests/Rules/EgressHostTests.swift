import Testing

@testable import EgressProxy

@Suite struct EgressHostTests {
    @Test(arguments: [
        ("api.openai.com", "api.openai.com"), ("API.OpenAI.COM", "api.openai.com"), ("example.com.", "example.com"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("localhost", "localhost"), ("a_b.example", "a_b.example"),
        ("3com.example", "3com.example"), ("0x.example", "0x.example"),
    ])
    func `Names have one spelling`(text: String, name: String) throws {
        #expect(try EgressHost(parsing: text) == .name(name))
    }

    @Test(arguments: ["1.2.3.4", "[::1]", "[2001:DB8::1]", "[::ffff:10.0.0.1]"])
    func `Addresses in their usual spelling are addresses`(text: String) throws {
        let bare = text.filter { $0 != "[" && $0 != "]" }
        #expect(try EgressHost(parsing: text) == .address(#require(IPAddress(bare))))
    }

    @Test func `An IPv4-mapped address is the IPv4 address`() throws {
        #expect(IPAddress("::ffff:169.254.169.254") == IPAddress("169.254.169.254"))
        #expect(IPAddress("::FFFF:a9fe:a9fe") == IPAddress("169.254.169.254"))
    }

    /// Each of them is another host to some parser or resolver than to some other one.
    static let hostile = [
        "", ".", "..", "a..b", ".a", "2852039166", "0xA9FEA9FE", "0xa9.0xfe.0xa9.0xfe", "0251.0376.0251.0376",
        "169.254.43518", "127.1", "127.0.1", "127.0.0.1.", "0", "0x", "017700000001", "1.2.3.4.5", "1.2.3.256",
        "01.2.3.4", "1.2.3.4 ", "evil.com\0.example.com", "evil.com%00.example.com", "%31%32%37.0.0.1",
        "user@example.com", "user:pass@example.com", "example.com\\@evil.com", "[example.com]", "[127.0.0.1]", "[]",
        "[::1", "::1]", "::1", "[::1%25eth0]", "[fe80::1%eth0]", "[::1]]", "[[::1]]", "exa mple.com", "example.com/",
        "example.com#", "example.com?", "bücher.example", "example。com", "１２７.0.0.1", "①②⑦.0.0.1",
        "example.com\t", "-a.example", "a-.example", "exam*ple.com", "*", "*.example.com", "a.example.0x7f",
        "\u{202E}moc.live", "example\u{AD}.com", "\u{212A}.example", String(repeating: "a", count: 64) + ".example",
        String(repeating: "a.", count: 127) + "example",
    ]

    @Test(arguments: hostile) func `What can be read in two ways is not read`(text: String) {
        #expect(throws: EgressHost.Malformed.self) { try EgressHost(parsing: text) }
    }

    @Test(arguments: [
        "1.2.3", "1.2.3.4.5", "1..2.3", "1.2.3.-4", "+1.2.3.4", "::g", "1:2:3:4:5:6:7:8:9", ":::", "1::2::3",
    ])
    func `What is no address is none`(text: String) { #expect(IPAddress(text) == nil) }
}
