/// Hears of an attempt's connections. It is called on the proxy's thread: return soon, and block on nothing.
public struct EgressObserver: Sendable {
    /// A connection was refused, or could not be made.
    public var onRefusal: @Sendable (EgressRefusal) -> Void
    /// A connection that was let out has ended.
    public var onClosed: @Sendable (EgressTransfer) -> Void

    public init(
        onRefusal: @escaping @Sendable (EgressRefusal) -> Void = { _ in },
        onClosed: @escaping @Sendable (EgressTransfer) -> Void = { _ in }
    ) {
        self.onRefusal = onRefusal
        self.onClosed = onClosed
    }
}

/// What went over one connection.
public struct EgressTransfer: Sendable, Hashable {
    public let host: String
    public let port: Int
    /// From the sandbox to the host.
    public let bytesUp: UInt64
    /// From the host to the sandbox.
    public let bytesDown: UInt64
}

/// The counters of one attempt.
public struct EgressUsage: Sendable, Hashable {
    public internal(set) var bytesUp: UInt64 = 0
    public internal(set) var bytesDown: UInt64 = 0
    /// Connections that are open now.
    public internal(set) var open = 0
    /// Connections that were let out.
    public internal(set) var allowed = 0
    /// Connections that were refused or could not be made, reported or not.
    public internal(set) var refused = 0
}
