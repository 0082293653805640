import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import ServiceLifecycle
import TaskCache
import TaskModel
import Testing

@testable import TaskAPI

@Suite("Serving beside the tasks")
struct ServingTests {
    private let health = StandInHealth()
    private let metrics = PrometheusRegistry()

    private func send(
        _ uri: String, method: HTTPRequest.Method = .get, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        let server = try APIServer.test(UnreadableCache(), health: health, metrics: metrics)
        return try await server.application.test(.router) { client in
            try await client.execute(uri: uri, method: method, headers: headers)
        }
    }

    @Test("health is 200 with its checks, or 503 with what to do")
    func healthRoutes() async throws {
        health.set(
            live: HealthReport([.init(name: "owner_loop", isOK: true, detail: "Moved 12 ms ago.")]),
            ready: HealthReport([.init(name: "topics", isOK: false, detail: "Run `pandar topics apply`.")]))
        let live = try await send("/livez")
        #expect(live.status == .ok)
        #expect(
            live.text == #"{"status":"ok","checks":[{"name":"owner_loop","ok":true,"detail":"Moved 12 ms ago."}]}"#)
        let ready = try await send("/readyz")
        #expect(ready.status == .serviceUnavailable)
        #expect(
            ready.text
                == #"{"status":"failing","checks":[{"name":"topics","ok":false,"detail":"Run `pandar topics apply`."}]}"#
        )
    }

    @Test("metrics come in the format that Prometheus asks for")
    func metricsRoute() async throws {
        metrics.counter("pandar_commits_total", labels: ["result": "ok"]).add(3)
        let response = try await send("/metrics")
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(try ExpositionParser(response.text).value("pandar_commits_total", ["result": "ok"]) == "3")
    }

    @Test("requests are counted by route, so that paths make no series")
    func requestMetrics() async throws {
        for path in ["/livez", "/api/v1/tasks/a", "/api/v1/tasks/b", "/no/1", "/no/2"] { _ = try await send(path) }
        let page = try ExpositionParser(try await send("/metrics").text)
        #expect(page.samples.filter { $0.name == "pandar_http_requests_total" }.count == 3)
        #expect(page.value("pandar_http_requests_total", ["route": "/livez", "status": "200"]) == "1")
        #expect(page.value("pandar_http_requests_total", ["route": "/api/v1/tasks/{id}", "status": "503"]) == "2")
        #expect(page.value("pandar_http_requests_total", ["route": "NotFound", "status": "404"]) == "2")
        #expect(page.value("pandar_http_request_duration_seconds_count", ["route": "/livez"]) == "1")
    }

    @Test(
        "paths that do not exist are problems",
        arguments: [
            "/", "/api", "/api/v1", "/api/v2/tasks", "/api/v1/nothing", "/api/v1/tasks/a/b/c", "/api/v1/tasks/x/logs",
            "/metrics/x", "/%2e%2e/etc/passwd",
        ])
    func notFound(path: String) async throws {
        let response = try await send(path)
        #expect(response.status == .notFound)
        #expect(response.problem?["type"] == "urn:pandar:problem:not-found")
    }

    @Test(
        "writing is answered with 405 and how to write instead",
        arguments: [
            (HTTPRequest.Method.post, "/api/v1/tasks"), (.post, "/api/v1/tasks/bulk"), (.put, "/api/v1/tasks/t1"),
            (.delete, "/api/v1/tasks/t1"), (.patch, "/api/v1/notifications"), (.post, "/metrics"), (.options, "/livez"),
        ])
    func methodNotAllowed(method: HTTPRequest.Method, path: String) async throws {
        let response = try await send(path, method: method)
        #expect(response.status == .methodNotAllowed)
        #expect(response.headers[.allow] == "GET, HEAD")
        #expect(response.problem?["detail"]?.stringValue?.contains("pandar submit") == true)
    }

    @Test("actions over HTTP are not there yet, and the answer says how to act")
    func actions() async throws {
        for action in ["action", "confirm", "cancel", "retry", "execute"] {
            let response = try await send("/api/v1/tasks/t1/\(action)", method: .post)
            #expect(response.status == .notFound)
            #expect(response.problem?["detail"]?.stringValue?.contains("through the topics") == true)
        }
    }

    @Test(
        "every answer, also an error, carries the security headers", arguments: ["/livez", "/nothing", "/api/v1/tasks"])
    func securityHeaders(path: String) async throws {
        let headers = try await send(path).headers
        #expect(headers[.xContentTypeOptions] == "nosniff")
        #expect(headers[.cacheControl] == "no-store")
        #expect(headers[.contentSecurityPolicy] == "default-src 'none'; frame-ancestors 'none'")
        #expect(headers[try #require(HTTPField.Name("Referrer-Policy"))] == "no-referrer")
    }

    @Test("a cache that cannot be read is 503, and its error stays in the log")
    func cacheUnavailable() async throws {
        let response = try await send("/api/v1/tasks")
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers[.retryAfter] == "1")
        #expect(response.problem?["type"] == "urn:pandar:problem:cache-unavailable")
        #expect(!response.text.contains("disk image"))
    }

    @Test(
        "hosts that are not this machine are refused",
        arguments: [
            ("example.com", false), ("example.com:80", false), ("127.0.0.1.example.com", false),
            ("10.0.0.1:8100", false),
            ("[2001:db8::1]:80", false), ("localhost:8100", true), ("127.0.0.1:8100", true), ("[::1]:8100", true),
            ("LOCALHOST", true),
        ])
    func hosts(authority: String, isOurs: Bool) {
        #expect(
            ListenAddress.isLoopback(LoopbackHostMiddleware<BasicRequestContext>.host(of: authority)) == isOurs)
    }

    @Test("answers to HEAD have no body, so that the next answer on the connection is read right")
    func head() async throws {
        try await withStartedServer { client in
            let head = try await client.head("/metrics")
            #expect(head.status == .ok)
            #expect(head.body?.readableBytes ?? 0 == 0)
            let missing = try await client.head("/nothing")
            #expect(missing.status == .notFound)
            #expect(missing.body?.readableBytes ?? 0 == 0)
            #expect(try await client.get("/metrics").body?.readableBytes ?? 0 > 0)
        }
    }

    @Test("a started server tells its port, answers on it, refuses foreign hosts and stops gracefully")
    func live() async throws {
        try await withStartedServer { client in
            let own = try await client.execute(.init("/livez", method: .get, authority: "127.0.0.1:8100"))
            #expect(own.status == .ok)
            let foreign = try await client.execute(.init("/livez", method: .get, authority: "evil.example"))
            #expect(foreign.status == .misdirectedRequest)
        }
    }

    /// Starts a server on any port, hands out a client with one connection to it, and stops it gracefully.
    private func withStartedServer(_ body: @escaping @Sendable (TestClient) async throws -> Void) async throws {
        let ports = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = APIServer(
            address: try ListenAddress(port: 0), reads: UnreadableCache(), health: health, metrics: metrics,
            logger: logger, onListening: { ports.continuation.yield($0) })
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.stream.makeAsyncIterator()
            let port = try #require(await iterator.next())
            #expect(port > 0)
            try await TestClient.withClient(host: "127.0.0.1", port: port, operation: body)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

/// A cache whose file is broken.
struct UnreadableCache: TaskReads {
    struct Broken: Error, CustomStringConvertible {
        let description = "database disk image is malformed"
    }

    func list(_ query: ListQuery) throws -> [UInt8] { throw Broken() }
    func task(_ id: TaskID) throws -> [UInt8]? { throw Broken() }
    func search(_ text: String, limit: Int) throws -> [UInt8] { throw Broken() }
    func stats(projectID: Int64?, now: Timestamp) throws -> [UInt8] { throw Broken() }
    func output(_ id: TaskID) throws -> [UInt8]? { throw Broken() }
    func outputText(_ id: TaskID) throws -> String? { throw Broken() }
    func notifications(limit: Int) throws -> [UInt8] { throw Broken() }
}
