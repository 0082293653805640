/// The checked head of a proxy request.
public struct RequestHead: Equatable, Sendable {
    /// How the client wants to be served.
    public enum Kind: Equatable, Sendable {
        /// A tunnel.
        case connect
        /// One exchange. `head` is what goes to the host, `body` how much follows it.
        case plain(head: [UInt8], body: BodyFraming)
    }

    public let target: EgressTarget
    public let kind: Kind

    /// The most bytes that a head may have, its empty line included.
    public static let maximumSize = 32 * 1024

    /// Reads a head, without its empty line.
    ///
    /// - Throws: the refusal that says what is wrong with it.
    public init(parsing head: [UInt8]) throws(EgressRefusal) {
        guard let (line, fields) = HeaderFields.split(head) else {
            throw Self.malformed("a line of the request's head is malformed")
        }
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.allSatisfy(HeaderFields.isTokenByte),
            (1...32).contains(parts[0].utf8.count)
        else { throw Self.malformed("the request line is not METHOD URI HTTP/1.1") }
        guard parts[2] == "HTTP/1.1" || parts[2] == "HTTP/1.0" else {
            throw Self.malformed("only HTTP/1.1 and HTTP/1.0 are spoken here")
        }
        if parts[0] == "CONNECT" {
            target = try Self.authority(parts[1], defaultPort: nil)
            kind = .connect
            try Self.checkConnect(fields, target)
        } else {
            let request = PlainRequest(method: parts[0], version: parts[2], fields: fields)
            let (target, path) = try Self.absolute(parts[1])
            self.target = target
            kind = try request.kind(target, path: path)
        }
    }

    /// Splits `http://HOST[:PORT]/PATH?QUERY`.
    private static func absolute(_ uri: Substring) throws(EgressRefusal) -> (EgressTarget, path: String) {
        guard uri.utf8.count <= 16 * 1024, !uri.contains("#") else {
            throw malformed("the URI is longer than 16 KiB or has a fragment")
        }
        guard uri.lowercased().hasPrefix("http://") else {
            let isRelative = uri.first == "/" || uri == "*"
            throw isRelative
                ? malformed("a proxy is asked with the whole URI, http://HOST/PATH")
                : EgressRefusal(.unsupportedScheme, rawHost: uri, "only http:// is served without CONNECT")
        }
        let rest = uri.dropFirst(7)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let target = try authority(rest[..<end], defaultPort: 80)
        let path = rest[end...]
        return (target, path.hasPrefix("/") ? String(path) : "/\(path)")
    }

    /// Reads `HOST:PORT`. User information, percent-encoding and empty ports are refused with the host.
    static func authority(_ text: Substring, defaultPort: Int?) throws(EgressRefusal) -> EgressTarget {
        var host = text
        var port = defaultPort
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            host = text[..<colon]
            guard let number = portNumber(text[text.index(after: colon)...]) else {
                throw EgressRefusal(.malformedHost, rawHost: text, "the port is not a number from 1 to 65535")
            }
            port = number
        }
        guard let port else { throw EgressRefusal(.malformedHost, rawHost: text, "CONNECT names a host and a port") }
        do {
            return EgressTarget(host: try EgressHost(parsing: host), port: port)
        } catch {
            throw EgressRefusal(.malformedHost, rawHost: text, error.detail)
        }
    }

    /// Some clients leave the port, or the whole field, out; what is there must be the same host.
    private static func checkConnect(_ fields: [HeaderField], _ target: EgressTarget) throws(EgressRefusal) {
        let hosts = fields.filter { $0.key == "host" }
        guard hosts.count <= 1 else { throw EgressRefusal(.hostMismatch, target, "there is more than one Host field") }
        if let host = hosts.first {
            let named = try authority(host.value[...], defaultPort: target.port)
            guard named == target else {
                throw EgressRefusal(.hostMismatch, target, "Host says \(named), CONNECT says \(target)")
            }
        }
        let body = fields.first { $0.key == "transfer-encoding" || ($0.key == "content-length" && $0.value != "0") }
        if let body { throw EgressRefusal(.ambiguousFraming, target, "CONNECT has no body, but \(body.key) is there") }
    }

    static func malformed(_ detail: String) -> EgressRefusal { EgressRefusal(.malformedRequest, nil, detail) }
}
