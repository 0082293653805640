/// What the first message of a TLS client says about the server that it wants.
public struct ClientHello: Equatable, Sendable {
    /// The name of the server_name extension (RFC 6066). With encrypted ClientHello it is the outer one: what a proxy that
    /// does not hold the key can see.
    public let serverName: String?

    /// What a stream's first bytes are.
    public enum Progress: Equatable, Sendable {
        case incomplete
        case complete(ClientHello)
        /// The bytes are not TLS.
        case notTLS
        /// They are TLS, but no ClientHello that can be read in one way only.
        case malformed(String)
    }

    /// The most bytes that are read for it, and the most records it may be spread over.
    public static let maximumSize = 32 * 1024
    static let maximumRecords = 64

    /// Reads the first bytes of a stream; the message may be spread over several records.
    public static func read(_ bytes: [UInt8]) -> Progress {
        switch handshake(bytes) {
        case .failed(let progress): return progress
        case .collected(let message):
            guard message.count >= 4 else { return unfinished(bytes) }
            guard message[0] == 1 else { return .malformed("the first handshake message is not a ClientHello") }
            let length = message[1...3].reduce(0) { $0 << 8 | Int($1) }
            guard length <= maximumSize else { return .malformed("the ClientHello is larger than 32 KiB") }
            guard message.count >= 4 + length else { return unfinished(bytes) }
            // RFC 8446 5.1: nothing may stand between it and a change of keys; more in its record is somebody's trick.
            guard message.count == 4 + length else { return .malformed("bytes follow the ClientHello in its record") }
            return hello(message[4...])
        }
    }

    private static func unfinished(_ bytes: [UInt8]) -> Progress {
        bytes.count < maximumSize ? .incomplete : .malformed("the ClientHello is larger than 32 KiB")
    }

    private enum Collected {
        case collected([UInt8])
        case failed(Progress)
    }

    /// The payload of the handshake records that are there so far.
    private static func handshake(_ bytes: [UInt8]) -> Collected {
        // 22 is a handshake record, 3 the major version of SSL 3.0 to TLS 1.3.
        for (byte, expected) in zip(bytes, [UInt8(22), 3]) where byte != expected { return .failed(.notTLS) }
        var payload: [UInt8] = []
        var at = 0
        for _ in 0..<maximumRecords {
            guard at + 5 <= bytes.count else { return .collected(payload) }
            guard bytes[at] == 22, bytes[at + 1] == 3, bytes[at + 2] <= 4 else {
                return .failed(.malformed("a record inside the ClientHello is not a handshake record"))
            }
            let length = Int(bytes[at + 3]) << 8 | Int(bytes[at + 4])
            guard (1...16_384).contains(length) else { return .failed(.malformed("a record's length is out of range")) }
            let end = min(at + 5 + length, bytes.count)
            payload += bytes[(at + 5)..<end]
            at += 5 + length
            if payload.count >= 4 {
                let needed = 4 + payload[1...3].reduce(0) { $0 << 8 | Int($1) }
                if payload.count >= needed || at > bytes.count { return .collected(payload) }
            }
        }
        return .failed(.malformed("the ClientHello is spread over more than \(maximumRecords) records"))
    }

    private static func hello(_ body: ArraySlice<UInt8>) -> Progress {
        let broken = Progress.malformed("a length inside the ClientHello does not fit")
        var reader = ByteReader(body)
        guard reader.take(2 + 32) != nil, let session = reader.vector(lengthWidth: 1), session.count <= 32,
            let suites = reader.vector(lengthWidth: 2), suites.count >= 2, suites.count.isMultiple(of: 2),
            let compression = reader.vector(lengthWidth: 1), !compression.isEmpty
        else { return broken }
        if reader.isAtEnd { return .complete(ClientHello(serverName: nil)) }
        guard let list = reader.vector(lengthWidth: 2), reader.isAtEnd else { return broken }
        var extensions = ByteReader(list)
        var name: String?
        var seen: Set<Int> = []
        while !extensions.isAtEnd {
            guard let type = extensions.number(2), let content = extensions.vector(lengthWidth: 2) else {
                return broken
            }
            guard seen.insert(type).inserted else { return .malformed("the ClientHello has an extension twice") }
            guard type == 0 else { continue }
            guard let found = serverName(content) else { return .malformed("the server_name extension is malformed") }
            name = found
        }
        return .complete(ClientHello(serverName: name))
    }

    /// The one host name of the extension; RFC 6066 allows one of each type, and there is one type.
    private static func serverName(_ content: ArraySlice<UInt8>) -> String? {
        var outer = ByteReader(content)
        guard let list = outer.vector(lengthWidth: 2), outer.isAtEnd else { return nil }
        var names = ByteReader(list)
        guard names.number(1) == 0, let name = names.vector(lengthWidth: 2), names.isAtEnd, !name.isEmpty else {
            return nil
        }
        return HeaderFields.visible(name)
    }

    /// Whether the client asks the host for itself.
    ///
    /// - Returns: nil if it does. Addresses are not sent as names (RFC 6066), so for them the name may be absent.
    public func refusal(for target: EgressTarget) -> EgressRefusal? {
        guard let serverName else {
            if case .address = target.host { return nil }
            return EgressRefusal(.serverNameMissing, target, "the ClientHello for \(target.host) names no server")
        }
        if let named = try? EgressHost(parsing: serverName), named == target.host { return nil }
        if case .address(let address) = target.host, IPAddress(serverName) == address { return nil }
        let shown = serverName.prefix(255)
        return EgressRefusal(.serverNameMismatch, target, "CONNECT says \(target.host), the ClientHello says \(shown)")
    }
}
