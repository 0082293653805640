internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A forward proxy for sandboxed attempts: one Unix socket for each, with an allow-list of its own.
///
/// All of them share one thread; names are resolved on a few more. The calls block for a moment and are made from plain
/// threads, not from the observer. `shutdown` must be called in the end.
public final class EgressProxy: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let lookups = NIOThreadPool(numberOfThreads: 8)
    private let resolver: any HostResolver
    private let logger: Logger
    private let listeners = Mutex<[ObjectIdentifier: EgressListener]>([:])

    public init(resolver: any HostResolver = SystemResolver(), logLabel: String = "pandar.egress") {
        self.resolver = resolver
        logger = Logger(label: logLabel)
        lookups.start()
    }

    /// Opens the socket of an attempt.
    ///
    /// - Parameters:
    ///   - socketPath: where the socket appears, at most 107 bytes; its folder keeps others out.
    ///   - mode: of the socket's file: `0o600`, or `0o666` where the sandbox has another uid.
    ///   - rules: what is let out.
    ///   - observer: hears of refusals and transfers.
    /// - Throws: `EgressSocketError`.
    public func open(
        socketPath: String, mode: UInt32 = 0o600, rules: EgressRules, limits: EgressLimits = EgressLimits(),
        observer: EgressObserver = EgressObserver()
    ) throws -> EgressListener {
        let socket = try UnixSocket(path: socketPath, mode: mode)
        var logger = logger
        logger[metadataKey: "socket"] = "\(socketPath)"
        let listener = EgressListener(
            socket: socket, socketPath: socketPath, rules: rules, limits: limits, observer: observer,
            lookups: LookupQueue(pool: lookups, resolver: resolver, width: limits.lookups), loop: group.next(),
            logger: logger)
        do {
            try listener.listen()
        } catch {
            socket.unlinkFile()
            throw EgressSocketError(path: socketPath, detail: "listen: \(error)")
        }
        let key = ObjectIdentifier(listener)
        listeners.withLock { $0[key] = listener }
        listener.whenClosed { [weak self] in self?.listeners.withLock { _ = $0.removeValue(forKey: key) } }
        return listener
    }

    /// Closes every listener and ends the threads.
    public func shutdown() {
        for listener in listeners.withLock({ Array($0.values) }) { listener.close() }
        do {
            // Lookups end on the loop, so it ends after them. One that hangs holds this up as long as the resolver lets it.
            try lookups.syncShutdownGracefully()
            try group.syncShutdownGracefully()
        } catch {
            logger.error("the proxy's threads did not end", metadata: ["error": "\(error)"])
        }
    }
}
