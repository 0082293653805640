/// Where the embedded broker listens.
struct EmbeddedAddress: Hashable, Sendable {
    let host: String
    /// 0 for any.
    let port: UInt16

    /// Any port on loopback.
    static let any = EmbeddedAddress(host: "127.0.0.1", port: 0)

    private init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT` or `PORT`.
    init(_ text: String) throws(CommandError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let host = parts.count == 2 ? parts[0] : "127.0.0.1"
        guard let port = parts.last.flatMap({ UInt16($0) }), ["127.0.0.1", "localhost"].contains(host) else {
            throw CommandError(
                .usage,
                "The embedded broker cannot listen on \(text): give 127.0.0.1:PORT, or port 0 for any; it "
                    + "serves this machine only.")
        }
        self.init(host: "127.0.0.1", port: port)
    }

    var pair: (host: String, port: UInt16) { (host, port) }
}
