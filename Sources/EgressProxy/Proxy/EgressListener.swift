internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The socket of one attempt and its connections.
public final class EgressListener: Sendable {
    public let socketPath: String
    let rules: EgressRules
    let limits: EgressLimits
    let lookups: LookupQueue
    let loop: any EventLoop
    let logger: Logger

    private struct State {
        var usage = EgressUsage()
        var isClosing = false
        var server: (any Channel)?
        var connections: [ObjectIdentifier: EgressConnection] = [:]
    }

    private let socket: UnixSocket
    private let observer: EgressObserver
    private let state = Mutex(State())
    private let drained: EventLoopPromise<Void>

    init(
        socket: UnixSocket, socketPath: String, rules: EgressRules, limits: EgressLimits, observer: EgressObserver,
        lookups: LookupQueue, loop: any EventLoop, logger: Logger
    ) {
        self.socket = socket
        self.socketPath = socketPath
        self.rules = rules
        self.limits = limits
        self.observer = observer
        self.lookups = lookups
        self.loop = loop
        self.logger = logger
        drained = loop.makePromise()
    }

    /// The counters so far.
    public var usage: EgressUsage { state.withLock { $0.usage } }

    /// Closes the socket and every connection, and removes the file. When it returns, the observer is not called any more.
    /// A second call changes nothing; called by the observer, it does not wait.
    public func close() {
        socket.unlinkFile()
        let (server, isFirst) = state.withLock { state in
            defer { state.isClosing = true }
            return (state.server, !state.isClosing)
        }
        if isFirst {
            loop.execute { [self] in
                server?.close(promise: nil)
                for connection in state.withLock({ Array($0.connections.values) }) { connection.closeAll() }
                finishIfDrained()
            }
        }
        guard !loop.inEventLoop else { return }
        // The promise is only ever succeeded.
        try? drained.futureResult.wait()
    }

    func whenClosed(_ action: @escaping @Sendable () -> Void) {
        drained.futureResult.whenComplete { _ in action() }
    }

    func listen() throws {
        let limits = limits
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelInitializer { channel in
                // Out of descriptors, accepting again at once would only fail again.
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AcceptBackoffHandler(shouldForwardIOErrorCaught: false) { _ in .milliseconds(100) })
                }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = EgressConnection(client: channel, listener: self)
                    guard let open = admit(connection) else { throw ChannelError.ioOnClosedChannel }
                    connection.isOverLimit = open > limits.connections
                    channel.closeFuture.whenComplete { _ in connection.becameInactive(.client) }
                    try channel.pipeline.syncOperations.addHandler(ChannelSide(.client, of: connection))
                }
            }
        let server = try bootstrap.withBoundSocket(socket.descriptor).wait()
        state.withLock { $0.server = server }
    }
}

/// What connections tell their listener, on its loop.
extension EgressListener {
    /// Takes a connection up. Some are taken beyond the limit, to be told so.
    ///
    /// - Returns: how many are open now, or nil if the listener closes.
    private func admit(_ connection: EgressConnection) -> Int? {
        state.withLock { state in
            guard !state.isClosing, state.connections.count < limits.connections + 64 else { return nil }
            state.connections[ObjectIdentifier(connection)] = connection
            state.usage.open = state.connections.count
            return state.connections.count
        }
    }

    func ended(_ connection: EgressConnection, _ transfer: EgressTransfer?) {
        if let transfer { observer.onClosed(transfer) }
        state.withLock {
            $0.connections.removeValue(forKey: ObjectIdentifier(connection))
            $0.usage.open = $0.connections.count
        }
        finishIfDrained()
    }

    func refused(_ refusal: EgressRefusal) {
        let count = state.withLock { state in
            state.usage.refused += 1
            return state.usage.refused
        }
        guard count <= limits.reportedRefusals else { return }
        logger.info(
            "connection refused",
            metadata: [
                "host": "\(refusal.host)", "reason": "\(refusal.reason.rawValue)", "detail": "\(refusal.detail)",
            ])
        observer.onRefusal(refusal)
    }

    func allowed() { state.withLock { $0.usage.allowed += 1 } }

    /// - Returns: whether the attempt may go on.
    func count(up: Int = 0, down: Int = 0) -> Bool {
        state.withLock { state in
            state.usage.bytesUp += UInt64(up)
            state.usage.bytesDown += UInt64(down)
            return limits.totalBytes.map { state.usage.bytesUp + state.usage.bytesDown <= $0 } ?? true
        }
    }

    private func finishIfDrained() {
        let isDrained = state.withLock { $0.isClosing && $0.connections.isEmpty }
        if isDrained { drained.succeed(()) }
    }
}
