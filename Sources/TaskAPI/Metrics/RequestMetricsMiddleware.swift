internal import Hummingbird

/// Counts requests by route and status, and times them by route. The route is the pattern (`/api/v1/tasks/{id}`), never
/// the path, so that the number of series is bounded.
struct RequestMetricsMiddleware<Context: RequestContext>: RouterMiddleware {
    let metrics: PrometheusRegistry

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let route = context.endpointPath ?? "NotFound"
        metrics.counter("pandar_http_requests_total", labels: ["route": route, "status": "\(response.status.code)"])
            .add(1)
        metrics.histogram("pandar_http_request_duration_seconds", labels: ["route": route])
            .observe((ContinuousClock.now - start) / .seconds(1))
        return response
    }
}
