import Foundation
import Testing

@testable import EgressProxy

/// Python's and curl's clients with real TLS, through the forwarder, set up by the environment alone.
@Suite(.serialized) struct ForeignClientTests {
    private let certificate: String
    private let servers: TestProgram
    private let harness: Harness
    private let forwarder: TestProgram
    private let environment: [String: String]
    private let plain: Int
    private let secure: Int

    init() throws {
        let base = try TestProgram.made("server")
        let made = try TestProgram.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
            "2",
            "-subj", "/CN=web.test", "-addext", "subjectAltName=DNS:web.test,DNS:*.web.test", "-keyout", base + ".key",
            "-out", base + ".pem",
        ])
        guard made.status == 0 else { throw TestProgram.Failure(detail: "openssl: \(made.output)") }
        certificate = base + ".pem"
        let script = TestProgram.programs.appendingPathComponent("peers.py").path
        servers = try TestProgram(["python3", script, "serve", certificate, base + ".key"])
        let ports = servers.firstLine.split(separator: " ").compactMap { Int($0) }
        guard ports.count == 2 else { throw TestProgram.Failure(detail: "the servers did not start") }
        (plain, secure) = (ports[0], ports[1])
        harness = try Harness([
            "*.web.test:\(plain),\(secure)", "web.test:\(plain),\(secure)", "127.0.0.0/8:\(plain),\(secure)",
        ])
        let started = try TestProgram.forward(to: harness.listener.socketPath)
        forwarder = started.program
        let proxy = "http://127.0.0.1:\(started.port)"
        environment = ["http_proxy": proxy, "https_proxy": proxy, "all_proxy": proxy, "HTTPS_PROXY": proxy]
    }

    private func fetch(_ url: String) throws -> String {
        let script = TestProgram.programs.appendingPathComponent("peers.py").path
        return try TestProgram.run(["python3", script, "fetch", url, certificate], environment: environment).output
    }

    @Test func `Python fetches by HTTP and by TLS`() throws {
        #expect(try fetch("http://web.test:\(plain)/a?b") == "200 /a?b web.test:\(plain)\n")
        #expect(try fetch("https://web.test:\(secure)/c") == "200 /c web.test:\(secure)\n")
        #expect(try fetch("https://api.web.test:\(secure)/?size=3000000").count == 3_000_005)
        #expect(eventually { harness.transfers.count == 3 })
        #expect(harness.refusals.isEmpty)
    }

    @Test func `Python is told what is refused`() throws {
        let answer = try fetch("http://evil.test/")
        #expect(answer.hasPrefix("403 network: evil.test is not on the allow-list (host_not_allowed)."), "\(answer)")
        #expect(try fetch("https://evil.test/").contains("403 Forbidden"))
        #expect(try fetch("http://169.254.169.254/latest/meta-data/").hasPrefix("403 "))
        #expect(try fetch("http://2852039166/latest/meta-data/").hasPrefix("400 "))
        #expect(harness.reasons == [.hostNotAllowed, .hostNotAllowed, .addressNotAllowed, .malformedHost])
    }

    @Test func `curl does all of it`() throws {
        func curl(_ arguments: String...) throws -> String {
            try TestProgram.run(
                ["curl", "-sS", "--max-time", "60", "--cacert", certificate] + arguments, environment: environment
            ).output
        }
        guard try TestProgram.run(["sh", "-c", "command -v curl"]).status == 0 else {
            print("not run: curl is not installed")
            return
        }
        #expect(try curl("http://web.test:\(plain)/x") == "/x web.test:\(plain)")
        #expect(try curl("https://web.test:\(secure)/y") == "/y web.test:\(secure)")
        let body = String(repeating: "b", count: 100_000)
        #expect(try curl("-H", "Expect: 100-continue", "--data-binary", body, "http://web.test:\(plain)/p") == body)
        #expect(try curl("--http1.1", "--data-binary", body, "https://web.test:\(secure)/p") == body)
        let two = try curl("http://web.test:\(plain)/1", "http://web.test:\(plain)/2")
        #expect(two == "/1 web.test:\(plain)/2 web.test:\(plain)")
        #expect(harness.refusals.isEmpty)
        // TLS for another name than the one that CONNECT names: curl connects where it is told to.
        let fronted = try curl(
            "--connect-to", "api.web.test:\(secure):web.test:\(secure)", "https://api.web.test:\(secure)/")
        #expect(fronted.contains("curl:"), "\(fronted)")
        #expect(harness.reasons == [.serverNameMismatch])
    }
}
