internal import NIOCore

/// One connection of a client, and the one to its host.
///
/// `@unchecked Sendable`: all is read and written on the event loop that both channels share; closures that NIO wants to be
/// `Sendable` run there too.
final class EgressConnection: @unchecked Sendable {
    enum Side { case client, upstream }

    /// `head` → `opening` → (`hello` →) `relaying` → `finishing`; a refusal goes to `finishing` from anywhere.
    enum Phase {
        /// The request is being read.
        case head
        /// The host is resolved and connected to; nothing is read.
        case opening
        /// The tunnel is there for the client; its first bytes are being looked at.
        case hello
        /// Bytes go both ways.
        case relaying
        /// The client reads the end of its answer; what it still sends is thrown away.
        case finishing
    }

    let client: any Channel
    let listener: EgressListener
    var isOverLimit = false
    var upstream: (any Channel)?
    var phase = Phase.head

    var collector = HeadCollector(limit: RequestHead.maximumSize)
    var request: RequestHead?
    var requiresTLS = true
    /// What the client sent after its head: the beginning of its body, or of its tunnel.
    var early: [UInt8] = []
    var body: BodyScanner?
    var response: ResponseFilter?

    var ends = (client: RelayEnd(), upstream: RelayEnd())
    var bytesUp: UInt64 = 0
    var bytesDown: UInt64 = 0
    var discarded = 0
    var lastActivity = NIODeadline.now()
    private var timer: Scheduled<Void>?
    private var deadline = NIODeadline.distantFuture
    private var hasEnded = false
    /// It was let out.
    var isAllowed = false
    /// Both channels are being closed; nothing is passed on any more.
    private(set) var isAborted = false

    /// What is known of one channel.
    struct RelayEnd {
        /// It will send nothing more.
        var inputClosed = false
        /// All that was meant for it has been written, and its output is shut.
        var outputClosed = false
        /// It is to be read as soon as the other side takes more.
        var wantsRead = false
        var isInactive = false
    }

    init(client: any Channel, listener: EgressListener) {
        self.client = client
        self.listener = listener
    }

    func start() {
        guard !isOverLimit else {
            let limit = listener.limits.connections
            return refuse(EgressRefusal(.tooManyConnections, nil, "\(limit) connections are open already"))
        }
        setDeadline(listener.limits.headTimeout)
        client.read()
    }

    func channel(_ side: Side) -> (any Channel)? { side == .client ? client : upstream }

    /// Closes both channels at once; what was not written is lost.
    func closeAll() {
        isAborted = true
        client.close(promise: nil)
        upstream?.close(promise: nil)
    }

    func becameInactive(_ side: Side) {
        switch side {
        case .client: ends.client.isInactive = true
        case .upstream: ends.upstream.isInactive = true
        }
        if ends.client.isInactive && (upstream == nil || ends.upstream.isInactive) { return ended() }
        switch (side, phase) {
        case (.client, .relaying): if let upstream { flushAndClose(upstream) }
        case (.client, _): upstream?.close(promise: nil)
        case (.upstream, .relaying): endExchange()
        case (.upstream, .hello): client.close(promise: nil)
        case (.upstream, _): break
        }
    }

    private func ended() {
        guard !hasEnded else { return }
        hasEnded = true
        timer?.cancel()
        timer = nil
        var transfer: EgressTransfer?
        if let request, isAllowed {
            transfer = EgressTransfer(
                host: "\(request.target.host)", port: request.target.port, bytesUp: bytesUp, bytesDown: bytesDown)
        }
        listener.ended(self, transfer)
    }
}

/// Time.
extension EgressConnection {
    func setDeadline(_ duration: Duration) {
        deadline = .now() + TimeAmount(duration)
        schedule()
    }

    private func schedule() {
        timer?.cancel()
        guard !hasEnded else { return }
        timer = listener.loop.scheduleTask(deadline: deadline) { [self] in deadlineReached() }
    }

    private func deadlineReached() {
        switch phase {
        case .head where collector.isEmpty: closeAll()
        case .head, .hello:
            refuse(EgressRefusal(.clientTooSlow, request?.target, "the client did not finish what it began to say"))
        case .opening:
            refuse(EgressRefusal(.connectTimedOut, request?.target, "the host did not answer in time"))
        case .relaying:
            let idleUntil = lastActivity + TimeAmount(listener.limits.idleTimeout)
            guard idleUntil > .now() else { return closeAll() }
            deadline = idleUntil
            schedule()
        case .finishing: closeAll()
        }
    }
}
