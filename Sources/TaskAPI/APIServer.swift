internal import Hummingbird
internal import HummingbirdCore
public import Logging
internal import NIOCore
public import ServiceLifecycle

/// The HTTP side of the service: reading tasks, health and metrics, on loopback.
///
/// | path | answer |
/// |---|---|
/// | `/api/v1/tasks`, `/tasks/recent`, `/tasks/running` | a page of tasks |
/// | `/api/v1/tasks/search?q=` | tasks whose name, description or command has the words |
/// | `/api/v1/tasks/stats` | the stats, by `project_id` on request |
/// | `/api/v1/tasks/{id}`, `/tasks/{id}/output` | one task, the tail of its output |
/// | `/api/v1/notifications` | the latest notifications |
/// | `/livez`, `/readyz` | health: 200, or 503 with the checks that fail |
/// | `/metrics` | Prometheus text |
///
/// Errors are `application/problem+json`.
public struct APIServer: Service {
    /// Connections that are open at once; more wait in the backlog. Far above what scrapers and a few people need, far
    /// below the usual limit of 1,024 files.
    private static let maximumConnections = 256
    /// Longer than Prometheus' usual scrape interval of 15 s, so that its connection stays.
    private static let idleTimeout = TimeAmount.seconds(60)

    private let address: ListenAddress
    private let responder: RouterResponder<BasicRequestContext>
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - address: where to listen.
    ///   - reads: the cache.
    ///   - health: answers `/livez` and `/readyz`; must not block.
    ///   - metrics: what `/metrics` shows.
    ///   - onListening: called once, with the port that was bound.
    public init(
        address: ListenAddress, reads: any TaskReads, health: any HealthSource, metrics: PrometheusRegistry,
        logger: Logger, onListening: @escaping @Sendable (_ port: Int) -> Void = { _ in }
    ) {
        self.address = address
        self.logger = logger
        self.onListening = onListening
        responder = Self.responder(
            cache: CacheAccess(reads: reads, lanes: BlockingReads(), logger: logger),
            health: HealthRoutes(health: health, metrics: metrics))
    }

    /// Serves until the service group shuts down.
    public func run() async throws {
        try await application.run()
    }

    /// The application, for tests to send requests to.
    var application: some ApplicationProtocol {
        let onListening = onListening
        return Application(
            responder: responder,
            server: .http1(configuration: HTTP1Channel.Configuration(idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections, logger: logger)),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) },
            logger: logger)
    }

    private static func responder(
        cache: CacheAccess, health: HealthRoutes
    ) -> RouterResponder<BasicRequestContext> {
        let router = Router()
        router.add(middleware: TracingMiddleware())
        router.add(middleware: RequestMetricsMiddleware(metrics: health.metrics))
        router.add(middleware: HeadMiddleware())
        router.add(middleware: SecurityHeadersMiddleware())
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: LoopbackHostMiddleware())
        health.add(to: router)
        let api = router.group("/api/v1")
        TaskRoutes(cache: cache).add(to: api)
        NotificationRoutes(cache: cache).add(to: api)
        return router.buildResponder()
    }
}
