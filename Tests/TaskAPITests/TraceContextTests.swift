import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Instrumentation
import Logging
import Synchronization
import TaskModel
import Testing

@testable import TaskAPI

@Suite("Trace context")
struct TraceContextTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let parent = "00-\(trace)-b7ad6b7169203331-01"

    private struct Headers: Extractor, Injector {
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    }

    private static func extracted(_ headers: [String: String]) -> TraceContext? {
        var context = InstrumentationContext.topLevel
        W3CPropagator().extract(headers, into: &context, using: Headers())
        return context.trace
    }

    @Test("what came in goes out")
    func passedOn() {
        let headers = ["traceparent": Self.parent, "tracestate": "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"]
        var context = InstrumentationContext.topLevel
        W3CPropagator().extract(headers, into: &context, using: Headers())
        #expect(context.trace?.traceID == Self.trace && context.trace?.flags == "01")
        var out: [String: String] = ["other": "stays"]
        W3CPropagator().inject(context, into: &out, using: Headers())
        #expect(out == headers.merging(["other": "stays"]) { $1 })
    }

    @Test("nothing goes out where nothing came in")
    func nothing() {
        var out: [String: String] = [:]
        W3CPropagator().inject(.topLevel, into: &out, using: Headers())
        #expect(out.isEmpty)
        #expect(Self.extracted(["tracestate": "a=b"]) == nil)
    }

    @Test(
        "a header that is not well formed counts as none",
        arguments: [
            "", "00", "00-\(trace)-b7ad6b7169203331", "00-\(trace.uppercased())-b7ad6b7169203331-01",
            "00-\(String(repeating: "0", count: 32))-b7ad6b7169203331-01", "00-\(trace)-0000000000000000-01",
            "ff-\(trace)-b7ad6b7169203331-01", "\(parent)-more", "\(parent)\n", " \(parent)",
            "00-\(trace)g-b7ad6b7169203331-01", "00-\(trace)-b7ad6b716920333é-01", "00_\(trace)_b7ad6b7169203331_01",
        ])
    func malformed(header: String) {
        #expect(Self.extracted(["traceparent": header]) == nil)
    }

    @Test("of a later version what is known counts")
    func laterVersion() {
        #expect(Self.extracted(["traceparent": "01" + Self.parent.dropFirst(2) + "-more"])?.traceparent == Self.parent)
    }

    @Test(
        "a state that breaks its bounds is left out, and the trace goes on",
        arguments: [
            "", String(repeating: "a", count: 513), "a=1\r\nx: y", "ä=1", String(repeating: "a=1,", count: 32) + "a=1",
        ])
    func state(state: String) {
        let trace = Self.extracted(["traceparent": Self.parent, "tracestate": state])
        #expect(trace?.traceID == Self.trace)
        #expect(trace?.state == nil)
    }

    /// Can be set once in a process, as `serve` does.
    private static let bootstrapped: Void = InstrumentationSystem.bootstrap(W3CPropagator())

    @Test("what an HTTP request logs carries its trace id; of a request without one, none")
    func logged() async throws {
        Self.bootstrapped
        let lines = Lines()
        let server = try APIServer(
            address: ListenAddress(port: 0), reads: UnreadableCache(), health: StandInHealth(),
            metrics: PrometheusRegistry(),
            logger: Logger(label: "test", factory: { _ in lines.handler }))
        let name = try #require(HTTPField.Name("traceparent"))
        try await server.application.test(.router) { client in
            try await client.execute(uri: "/api/v1/tasks", method: .get, headers: [name: Self.parent])
            try await client.execute(uri: "/api/v1/tasks", method: .get, headers: [name: "nonsense"])
        }
        #expect(lines.all.filter { $0.message == "The cache could not be read." }.map(\.traceID) == [Self.trace, nil])
    }
}

/// Log lines that a test reads.
private final class Lines: Sendable {
    struct Line {
        let message: String
        let traceID: String?
    }

    private let lines = Mutex<[Line]>([])

    var all: [Line] { lines.withLock { $0 } }
    var handler: Handler { Handler(lines: self) }

    struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        var metadataProvider: Logger.MetadataProvider? = W3CPropagator.logMetadata

        init(lines: Lines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = Line(
                message: event.message.description, traceID: metadataProvider?.get()["trace_id"]?.description)
            lines.lines.withLock { $0.append(line) }
        }
    }
}
