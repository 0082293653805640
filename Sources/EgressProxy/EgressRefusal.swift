/// A connection that was not let out, and why.
public struct EgressRefusal: Error, Hashable, Sendable {
    /// The closed set of reasons.
    public enum Reason: String, Sendable, CaseIterable {
        /// The request is not HTTP as this proxy takes it.
        case malformedRequest = "malformed_request"
        /// The head of a request is longer than the limit.
        case headTooLarge = "head_too_large"
        /// The client did not finish its request, or its ClientHello, in time.
        case clientTooSlow = "client_too_slow"
        /// The host is spelled in a way that others might read as another one.
        case malformedHost = "malformed_host"
        /// The Host field names another host than the URI.
        case hostMismatch = "host_mismatch"
        /// Where the body ends could be read in two ways.
        case ambiguousFraming = "ambiguous_framing"
        /// Something other than `http://` asked for without CONNECT.
        case unsupportedScheme = "unsupported_scheme"
        /// More bytes after the one request of a connection.
        case secondRequest = "second_request"
        /// The host is not on the allow-list.
        case hostNotAllowed = "host_not_allowed"
        /// The host is, the port is not.
        case portNotAllowed = "port_not_allowed"
        /// The address, or one that the name resolved to, is not public and not named.
        case addressNotAllowed = "address_not_allowed"
        /// What came through CONNECT is not TLS.
        case notTLS = "not_tls"
        /// The ClientHello is damaged or too large.
        case malformedClientHello = "malformed_client_hello"
        /// The ClientHello names no server.
        case serverNameMissing = "server_name_missing"
        /// The ClientHello names another server than CONNECT.
        case serverNameMismatch = "server_name_mismatch"
        /// The attempt has too many connections open.
        case tooManyConnections = "too_many_connections"
        /// The attempt has moved all the bytes that it may.
        case byteLimit = "byte_limit"
        /// The name has no address.
        case unresolvable = "unresolvable"
        /// No address of the host could be connected to.
        case unreachable = "unreachable"
        /// The host did not answer in time.
        case connectTimedOut = "connect_timed_out"
        /// The host's answer to a plain request is not HTTP.
        case malformedResponse = "malformed_response"
    }

    public let reason: Reason
    /// The host that was asked for, printable and at most 255 characters; empty if it could not be read.
    public let host: String
    /// The port that was asked for.
    public let port: Int?
    /// What is wrong, in one line.
    public let detail: String

    init(_ reason: Reason, _ target: EgressTarget?, _ detail: String) {
        self.reason = reason
        host = target.map { String(describing: $0.host) } ?? ""
        port = target?.port
        self.detail = detail
    }

    init(_ reason: Reason, rawHost: some StringProtocol, _ detail: String) {
        self.reason = reason
        host = String(rawHost.unicodeScalars.prefix(255).map { (0x21...0x7E).contains($0.value) ? Character($0) : "?" })
        port = nil
        self.detail = detail
    }
}

extension EgressRefusal.Reason {
    /// Whether a rule or a limit of ours stopped it; if not, the network did.
    public var isPolicy: Bool {
        switch self {
        case .unresolvable, .unreachable, .connectTimedOut, .malformedResponse: false
        default: true
        }
    }

    /// The status line of the answer, after the version.
    var status: String {
        switch self {
        case .malformedRequest, .malformedHost, .ambiguousFraming, .unsupportedScheme, .hostMismatch: "400 Bad Request"
        case .headTooLarge: "431 Request Header Fields Too Large"
        case .clientTooSlow: "408 Request Timeout"
        case .tooManyConnections: "503 Service Unavailable"
        case .unresolvable, .unreachable, .malformedResponse: "502 Bad Gateway"
        case .connectTimedOut: "504 Gateway Timeout"
        default: "403 Forbidden"
        }
    }
}

extension EgressRefusal: CustomStringConvertible {
    /// What happened and what to do, in two sentences.
    public var description: String { "network: \(detail) (\(reason.rawValue)). \(remedy)" }

    /// Host and port, as far as they could be read.
    public var place: String { host + (port.map { ":\($0)" } ?? "") }

    /// What to do about it.
    public var remedy: String {
        let place = host.isEmpty ? "the host" : "\"\(self.place)\""
        return switch reason {
        case .hostNotAllowed, .portNotAllowed:
            "If the task needs it, add \(place) to network.allow of its sandbox profile."
        case .addressNotAllowed:
            "If the task needs it, add the address itself to network.allow of its sandbox profile."
        case .notTLS:
            "Speak TLS to it, ask for http:// without CONNECT, or write \(place) with tls=false in network.allow."
        case .serverNameMissing, .serverNameMismatch:
            "TLS must name the host that CONNECT names (SNI)."
        case .unsupportedScheme: "Use CONNECT for everything but http://."
        case .malformedHost: "Write the host plainly, as a name or as an address."
        case .tooManyConnections: "Close connections, or raise the limit of the sandbox profile."
        case .byteLimit: "Raise the limit of the sandbox profile if the task needs to move more."
        case .unresolvable, .unreachable, .connectTimedOut, .malformedResponse:
            "The rules allow it; look at the host and at the network of the service."
        case .malformedRequest, .headTooLarge, .clientTooSlow, .hostMismatch, .ambiguousFraming, .secondRequest,
            .malformedClientHello:
            "Use an ordinary HTTP client with the proxy of HTTP_PROXY and HTTPS_PROXY."
        }
    }

    /// The answer to a client that has not been connected yet.
    var response: [UInt8] {
        let body = "\(self)\n"
        let head = """
            HTTP/1.1 \(reason.status)\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            X-Pandar-Egress: \(reason.rawValue)\r
            \r\n
            """
        return Array(head.utf8) + Array(body.utf8)
    }
}
