import Testing

@testable import EgressProxy

@Suite struct EgressRulesTests {
    private func target(_ host: String, _ port: Int = 443) throws -> EgressTarget {
        EgressTarget(host: try EgressHost(parsing: host), port: port)
    }

    private func reason(_ verdict: EgressRules.Verdict) -> EgressRefusal.Reason? {
        if case .refused(let refusal) = verdict { refusal.reason } else { nil }
    }

    @Test(arguments: [
        ("api.openai.com", "api.openai.com", 443), ("api.openai.com", "API.OPENAI.COM.", 80),
        ("*.github.com:443", "api.github.com", 443), ("*.github.com", "a.b.github.com", 443),
        ("10.1.2.3:8080", "10.1.2.3", 8080), ("10.0.0.0/8", "10.9.9.9", 443), ("10.0.0.0/8:22,8080", "10.9.9.9", 22),
        ("8.8.0.0/16", "8.8.8.8", 443), ("[fd00::5]:8443", "[fd00::5]", 8443), ("fd00::/8", "[fd12::1]", 443),
        ("0.0.0.0/0", "8.8.8.8", 443), ("127.0.0.1:9", "[::ffff:127.0.0.1]", 9),
        ("169.254.169.254", "169.254.169.254", 80), ("h.example:22 tls=false", "h.example", 22),
    ])
    func `A rule opens what it names`(rule: String, host: String, port: Int) throws {
        #expect(reason(try EgressRules(parsing: [rule]).verdict(on: target(host, port))) == nil)
    }

    @Test(arguments: [
        ("api.openai.com", "openai.com", 443, EgressRefusal.Reason.hostNotAllowed),
        ("api.openai.com", "xapi.openai.com", 443, .hostNotAllowed),
        ("api.openai.com", "api.openai.com.evil.example", 443, .hostNotAllowed),
        ("*.github.com", "github.com", 443, .hostNotAllowed), ("*.github.com", "evilgithub.com", 443, .hostNotAllowed),
        ("*.github.com", "github.com.evil.example", 443, .hostNotAllowed),
        ("api.openai.com", "api.openai.com", 22, .portNotAllowed), ("10.1.2.3:8080", "10.1.2.3", 443, .portNotAllowed),
        ("0.0.0.0/0", "10.1.2.3", 443, .addressNotAllowed), ("0.0.0.0/0", "127.0.0.1", 443, .addressNotAllowed),
        ("169.254.0.0/16", "169.254.169.254", 80, .addressNotAllowed), ("::/0", "[::1]", 443, .addressNotAllowed),
        ("10.0.0.0/7", "10.0.0.1", 443, .addressNotAllowed), ("2000::/3", "[2002:7f00:1::]", 443, .addressNotAllowed),
        ("api.openai.com", "1.1.1.1", 443, .hostNotAllowed), ("127.0.0.0/8", "0.0.0.0", 443, .addressNotAllowed),
        ("0.0.0.0/0", "0.0.0.0", 443, .addressNotAllowed),
    ])
    func `What it does not name stays shut`(
        rule: String, host: String, port: Int, expected: EgressRefusal.Reason
    ) throws {
        #expect(reason(try EgressRules(parsing: [rule]).verdict(on: target(host, port))) == expected)
    }

    @Test func `Nothing is open without rules`() throws {
        #expect(reason(EgressRules.none.verdict(on: try target("example.com"))) == .hostNotAllowed)
        #expect(reason(EgressRules.none.verdict(on: try target("127.0.0.1"))) == .addressNotAllowed)
    }

    @Test func `TLS is dispensed with only by a rule for that port`() throws {
        let rules = try EgressRules(parsing: ["git.a.example:22 tls=false", "*.a.example:443"])
        #expect(rules.verdict(on: try target("git.a.example", 22)) == .allowed(requiresTLS: false))
        #expect(rules.verdict(on: try target("git.a.example", 443)) == .allowed(requiresTLS: true))
    }

    @Test(arguments: [
        ["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["169.254.169.254"], ["1.1.1.1", "::ffff:10.0.0.1"], ["fd00:ec2::254"],
        ["64:ff9b::a00:1"], ["1.1.1.1", "8.8.8.8", "0.0.0.0"],
    ])
    func `One answer that is not public refuses them all`(answers: [String]) throws {
        let rules = try EgressRules(parsing: ["api.example"])
        let refusal = rules.refusal(of: answers.compactMap { IPAddress($0) }, for: try target("api.example"))
        #expect(refusal?.reason == .addressNotAllowed)
        #expect(refusal?.host == "api.example")
    }

    @Test func `A named address may be an answer, on its port`() throws {
        let rules = try EgressRules(parsing: ["api.example:443,8080", "10.1.2.3:8080"])
        let answers = [try #require(IPAddress("10.1.2.3"))]
        #expect(rules.refusal(of: answers, for: try target("api.example", 8080)) == nil)
        #expect(rules.refusal(of: answers, for: try target("api.example", 443))?.reason == .addressNotAllowed)
        #expect(rules.refusal(of: [], for: try target("api.example"))?.reason == .unresolvable)
    }

    @Test(arguments: [
        ("", "empty"), ("https://api.example/", "without a scheme"), ("*", "beginning"), ("*.com", "top-level"),
        ("a.*.example", "beginning"), ("*example.com", "beginning"), ("*.10.0.0.1", "not for addresses"),
        ("api.example:0", "ports"), ("api.example:65536", "ports"), ("api.example:", "ports"),
        ("a.example:1,,2", "ports"),
        ("api.example:http", "ports"), ("api.example tls=no", "tls=false"), ("10.0.0.1/8", "network"),
        ("0.0.0.0", "nobody connects"), ("224.0.0.1", "nobody connects"), ("::", "nobody connects"),
        ("2852039166", "four decimal"), ("bücher.example", "xn--"), ("[example.com]", "brackets"),
        ("user@a.example", "0x40"),
        ("[fd00::1]x", "brackets"),
    ])
    func `An entry that cannot be read says what to write`(entry: String, hint: String) {
        let error = #expect(throws: EgressRuleError.self) { try EgressRule(parsing: entry) }
        #expect(error.map { "\($0)".contains(hint) && "\($0)".hasPrefix("network.allow: ") } == true, "\(error as Any)")
    }

    @Test func `A refusal names the host and what to do`() throws {
        guard case .refused(let refusal) = EgressRules.none.verdict(on: try target("evil.example")) else {
            Issue.record("not refused")
            return
        }
        let text = String(decoding: refusal.response, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        #expect(text.contains("evil.example is not on the allow-list"))
        #expect(text.contains("add \"evil.example:443\" to network.allow"))
    }
}
