internal import Authorization
internal import CommandPolicy
internal import Foundation
internal import Instrumentation
internal import Kafka
internal import Logging
internal import Metrics
internal import PandarConfiguration
internal import ServiceLifecycle
internal import UnixSignals
internal import TaskAPI
internal import TaskCache
internal import TaskEngine
internal import TaskModel
internal import TaskRunner
internal import TaskService

/// One run of the service: broker if embedded, owner, runner, tail and HTTP, until a signal ends it.
struct ServiceRun {
    private let settings: PandarSettings
    private let embedded: EmbeddedAddress?
    private let logger: Logger

    /// - Parameter embedded: where the embedded broker listens; `nil` for a cluster.
    init(_ settings: PandarSettings, embedded: EmbeddedAddress?) {
        self.settings = settings
        self.embedded = embedded
        var logger = Logger(label: "pandar", factory: LogFormat.factory(settings.log.format))
        logger.logLevel = Logger.Level(rawValue: settings.log.level.rawValue) ?? .info
        self.logger = logger
    }

    func run() async throws {
        var settings = settings
        // Before anything is started: nobody must join a group only to be told that the address is wrong.
        let address = settings.http.isEnabled ? try httpAddress() : nil
        let broker = try embedded.map { listen in
            try EmbeddedBroker(
                topics: ClientSettings(settings: settings, service: nil).layout.partitionCounts, listen: listen.pair,
                logger: logger)
        }
        if let broker {
            settings.kafka.bootstrapServers = broker.bootstrap
            logger.notice(
                "embedded broker: for development; nothing is kept after the process, guarantee is at_least_once",
                metadata: ["bootstrap": "\(broker.bootstrap)"])
        }
        let isolation = try isolation(settings)
        let service = try start(settings, isolation, try await authority(settings))
        let ready = ReadyLine(
            bootstrap: settings.kafka.bootstrapServers, instance: settings.instance.id, isEmbedded: broker != nil)
        var services: [any Service] = []
        if let address {
            services.append(server(settings, service, at: address, ready: ready))
        } else {
            try Self.announce(ready, settings)
        }
        // Shut down from the last to the first: HTTP answers until the attempts are done.
        services.append(service)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        defer { if case .sandbox(let host, _) = isolation { host.end() } }
        try await group.run()
        try? FileManager.default.removeItem(atPath: settings.servicePath)
        withExtendedLifetime(broker) {}
    }

    /// The sandbox of the settings, tried out. Says in the log what is in force.
    private func isolation(_ settings: PandarSettings) throws -> Isolation {
        let mode: SandboxMode = settings.sandbox.mode == .none ? .none : .strict
        guard settings.runner.isEnabled, mode != .none else {
            if settings.runner.isEnabled {
                logger.warning("attempts run WITHOUT a sandbox, as the service's own user: sandbox.mode is none")
            }
            return .none
        }
        let isolation: Isolation
        do throws(CommandError) {
            isolation = try SandboxSetup.isolation(settings)
        } catch {
            // Nobody else could hear of it on a broker that ends with this process.
            if embedded == nil { SandboxAlert.raise(error.message, settings, logger) }
            throw error
        }
        if case .sandbox(let host, _) = isolation {
            let means = host.enforcement.map { "\($0.limit): \($0.means ?? "NOT to be had here")" }
            logger.notice(
                "attempts run in a sandbox",
                metadata: ["user": "\(host.identity?.uid ?? getuid())", "limits": "\(means.joined(separator: "; "))"])
        }
        return isolation
    }

    /// Whose word counts. Says it in the log.
    private func authority(_ settings: PandarSettings) async throws -> RecordAuthority {
        let authority = try await AuthoritySetup.authority(settings.auth, logger)
        logger.notice(
            "\(AuthoritySetup.sentence(authority))", metadata: ["auth.kafka": "\(settings.auth.kafka.rawValue)"])
        return authority
    }

    private func start(
        _ settings: PandarSettings, _ isolation: Isolation, _ authority: RecordAuthority
    ) throws -> PandarService {
        do {
            var configuration = try ServiceConfiguration(settings, isEmbedded: embedded != nil)
            configuration.isolation = isolation
            configuration.authority = authority
            let policy = configuration.engine.policy
            logger.info(
                "the command policy is loaded",
                metadata: [
                    "programs": "\(policy.programs)", "rules": "\(policy.rules.count)",
                    "fragments": "\(policy.fragmentScope.rawValue)",
                ])
            return try PandarService(configuration, logger: logger)
        } catch let error as ServiceError {
            throw CommandError(Self.exitStatus(of: error.code), error.description)
        } catch let error as CacheError {
            throw CommandError(.cannotWrite, error.description)
        }
    }

    private static func exitStatus(of code: ServiceError.Code) -> ExitStatus {
        switch code {
        case .brokerUnreachable: .unavailable
        case .dataDirectory, .cache: .cannotWrite
        case .topics, .runner: .failed
        }
    }

    private func httpAddress() throws(CommandError) -> ListenAddress {
        do {
            return try ListenAddress(settings.http.listen)
        } catch {
            throw CommandError(.configuration, error.description)
        }
    }

    private func server(
        _ settings: PandarSettings, _ service: PandarService, at address: ListenAddress, ready: ReadyLine
    ) -> APIServer {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        InstrumentationSystem.bootstrap(W3CPropagator())
        MetricsBinding.bind(service, to: registry)
        let logger = logger
        return APIServer(
            address: address, reads: service.cache,
            health: ServiceHealth(status: service.status, partitions: settings.kafka.partitions), metrics: registry,
            logger: logger
        ) { port in
            var ready = ready
            ready.http = "http://\(ListenAddress.text(address.host, port))"
            do throws(CommandError) {
                try Self.announce(ready, settings)
            } catch {
                logger.error("\(error.message)")
            }
        }
    }

    private static func announce(_ ready: ReadyLine, _ settings: PandarSettings) throws(CommandError) {
        try ready.write(to: settings.servicePath)
        ready.announce()
    }
}

extension ListenAddress {
    fileprivate static func text(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
