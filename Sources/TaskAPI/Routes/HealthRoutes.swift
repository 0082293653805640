internal import HTTPTypes
internal import Hummingbird

/// `/livez`, `/readyz` and `/metrics`.
struct HealthRoutes {
    let health: any HealthSource
    let metrics: PrometheusRegistry

    func add(to router: some RouterMethods<some RequestContext>) {
        router.read("/livez") { _, _ in Self.response(health.liveness()) }
        router.read("/readyz") { _, _ in Self.response(health.readiness()) }
        router.read("/metrics") { _, _ in
            .bytes(Array(metrics.exposition().utf8), type: ExpositionWriter.contentType)
        }
    }

    private static func response(_ report: HealthReport) -> Response {
        .json(report.json, status: report.isOK ? .ok : .serviceUnavailable)
    }
}
