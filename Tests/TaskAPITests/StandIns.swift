import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import TaskModel

@testable import TaskAPI

/// Health that a test sets.
final class StandInHealth: HealthSource {
    private let state = Mutex((live: HealthReport([]), ready: HealthReport([])))

    func set(live: HealthReport, ready: HealthReport) {
        state.withLock { $0 = (live, ready) }
    }

    func liveness() -> HealthReport { state.withLock { $0.live } }
    func readiness() -> HealthReport { state.withLock { $0.ready } }
}

extension APIServer {
    /// A server that is never started; tests send requests to its application.
    static func test(
        _ reads: any TaskReads, health: any HealthSource = StandInHealth(),
        metrics: PrometheusRegistry = PrometheusRegistry()
    ) throws -> APIServer {
        APIServer(
            address: try ListenAddress(port: 0), reads: reads, health: health, metrics: metrics,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    var json: JSONValue? { try? JSONParser.parse(text) }

    /// The response as a problem, checked for the members that RFC 9457 wants.
    var problem: JSONObject? {
        guard headers[.contentType] == "application/problem+json", let object = json?.objectValue,
            object["type"]?.stringValue?.hasPrefix("urn:pandar:problem:") == true, object["title"]?.stringValue != nil,
            object["status"]?.integerValue == Int64(status.code), object["detail"]?.stringValue != nil
        else { return nil }
        return object
    }
}
