/// Where the server listens. Only loopback, as nobody is asked who he is yet.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// `127.0.0.1`, `::1` or `localhost`.
    public let host: String
    /// 0 for any free port.
    public let port: Int

    /// - Throws: ``ListenAddressError`` when `host` is not loopback, or `port` not in 0–65535.
    public init(host: String = "127.0.0.1", port: Int) throws(ListenAddressError) {
        guard (0...65_535).contains(port) else { throw ListenAddressError(code: .invalidPort, value: String(port)) }
        guard Self.isLoopback(host) else { throw ListenAddressError(code: .notLoopback, value: host) }
        self.host = host == "[::1]" ? "::1" : host
        self.port = port
    }

    /// Reads `HOST:PORT` (`127.0.0.1:8100`, `[::1]:0`, `localhost:8100`).
    public init(_ text: String) throws(ListenAddressError) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]) else {
            throw ListenAddressError(code: .malformed, value: text)
        }
        try self.init(host: String(text[..<colon]), port: port)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether a host means this machine only: the whole of 127.0.0.0/8, `::1` and `localhost`.
    static func isLoopback(_ host: some StringProtocol) -> Bool {
        if ["localhost", "::1", "[::1]"].contains(host.lowercased()) { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { isOctet($0) }
    }

    private static func isOctet(_ text: some StringProtocol) -> Bool {
        (1...3).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(text) != nil
    }
}

/// Why an address cannot be listened on.
public struct ListenAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed set of causes.
    public enum Code: String, Sendable {
        case malformed
        case invalidPort = "invalid_port"
        case notLoopback = "not_loopback"
    }

    public let code: Code
    /// What was given.
    public let value: String

    public var description: String {
        switch code {
        case .malformed: "\(value) is no address to listen on: give HOST:PORT, such as 127.0.0.1:8100."
        case .invalidPort: "\(value) is no port to listen on: give 1 to 65535, or 0 for any free port."
        case .notLoopback:
            "The HTTP server cannot listen on \(value): it has no authentication yet, so it serves this machine only. "
                + "Give 127.0.0.1, ::1 or localhost, and put an authenticating proxy before it for others."
        }
    }
}
