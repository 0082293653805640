/// A plain HTTP request, turned from the form for proxies into the form for hosts.
struct PlainRequest {
    let method: Substring
    let version: Substring
    let fields: [HeaderField]

    /// Fields that are for the next hop only, this proxy. Upgrades go with them: after one, nobody knows where a request
    /// begins (h2c smuggling).
    private static let forThisHop: Set<String> = [
        "connection", "proxy-connection", "keep-alive", "te", "trailer", "upgrade", "proxy-authorization",
        "proxy-authenticate", "http2-settings", "host",
    ]

    /// Fields that Connection must not take away, since they say what the request is.
    private static let essential: Set<String> = ["host", "content-length", "transfer-encoding"]

    func kind(_ target: EgressTarget, path: String) throws(EgressRefusal) -> RequestHead.Kind {
        try checkHost(target)
        let body = try framing(target)
        let dropped = try hopFields(target)
        var lines = ["\(method) \(path) \(version)", "Host: \(target.port == 80 ? "\(target.host)" : "\(target)")"]
        for field in fields where !dropped.contains(field.key) { lines.append("\(field.name): \(field.value)") }
        // One exchange for each connection: a second request would have to be checked like the first.
        lines.append("Connection: close")
        return .plain(head: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), body: body)
    }

    private func values(_ key: String) -> [String] { fields.filter { $0.key == key }.map(\.value) }

    private func checkHost(_ target: EgressTarget) throws(EgressRefusal) {
        let hosts = values("host")
        guard hosts.count == 1 || (hosts.isEmpty && version == "HTTP/1.0") else {
            throw EgressRefusal(.hostMismatch, target, "there are \(hosts.count) Host fields instead of one")
        }
        guard let host = hosts.first else { return }
        let named = try RequestHead.authority(host[...], defaultPort: 80)
        guard named == target else {
            throw EgressRefusal(.hostMismatch, target, "Host says \(named), the URI says \(target)")
        }
    }

    private func framing(_ target: EgressTarget) throws(EgressRefusal) -> BodyFraming {
        let lengths = values("content-length")
        let codings = values("transfer-encoding")
        func ambiguous(_ detail: String) -> EgressRefusal { EgressRefusal(.ambiguousFraming, target, detail) }
        guard lengths.isEmpty || codings.isEmpty else {
            throw ambiguous("there are both Content-Length and Transfer-Encoding")
        }
        guard lengths.count <= 1, codings.count <= 1 else {
            throw ambiguous("a field of the body's length is repeated")
        }
        if let coding = codings.first {
            guard coding.lowercased() == "chunked", version == "HTTP/1.1" else {
                throw ambiguous("the only transfer coding is chunked, in HTTP/1.1")
            }
            return .chunked
        }
        guard let text = lengths.first else { return .length(0) }
        guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(text)
        else { throw ambiguous("Content-Length is not a number of at most 15 digits") }
        return .length(length)
    }

    private func hopFields(_ target: EgressTarget) throws(EgressRefusal) -> Set<String> {
        var dropped = Self.forThisHop
        for value in values("connection") + values("proxy-connection") {
            for option in value.lowercased().split(separator: ",") {
                let key = option.trimmingPrefix { $0 == " " || $0 == "\t" }.split(separator: " ").first.map(String.init)
                guard let key else { continue }
                if Self.essential.contains(key) {
                    throw EgressRefusal(.ambiguousFraming, target, "Connection takes \(key) out of the request")
                }
                dropped.insert(key)
            }
        }
        return dropped
    }
}
