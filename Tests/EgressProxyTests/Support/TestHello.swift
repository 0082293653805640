/// Builds ClientHellos, right ones and wrong ones.
struct TestHello {
    /// The content of each server_name extension.
    var serverNames: [[UInt8]] = []
    var otherExtensions: [(type: Int, content: [UInt8])] = [(10, [0, 2, 0, 29]), (0xFE0D, [0, 1, 2, 3])]
    var trailing: [UInt8] = []

    init(_ name: String?) {
        if let name { serverNames = [Self.extensionContent([name])] }
    }

    static func extensionContent(_ names: [String]) -> [UInt8] {
        vector(2, names.reduce(into: [UInt8]()) { $0 += [0] + vector(2, Array($1.utf8)) })
    }

    static func vector(_ width: Int, _ bytes: [UInt8]) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
    }

    /// The handshake message.
    var message: [UInt8] {
        var extensions: [UInt8] = []
        for content in serverNames { extensions += [0, 0] + Self.vector(2, content) }
        for (type, content) in otherExtensions {
            extensions += [UInt8(type >> 8), UInt8(type & 0xFF)] + Self.vector(2, content)
        }
        let random: [UInt8] = (0..<32).map { UInt8($0) }
        var body: [UInt8] = [3, 3] + random + Self.vector(1, [])
        body += Self.vector(2, [0x13, 0x01, 0x13, 0x02]) + Self.vector(1, [0])
        body += Self.vector(2, extensions) + trailing
        return [1] + Self.vector(3, body)
    }

    /// The message in records of at most this many bytes each.
    func records(of size: Int = 16_384) -> [UInt8] {
        var rest = message[...]
        var bytes: [UInt8] = []
        while !rest.isEmpty {
            bytes += [22, 3, 1] + Self.vector(2, Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return bytes
    }
}
