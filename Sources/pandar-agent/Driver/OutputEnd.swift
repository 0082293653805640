/// The last of a task's output, as another agent is told it.
struct OutputEnd {
    /// Characters that are told, and bytes that are kept for them.
    private static let characters = 8000
    private static let limit = 32 << 10

    private var bytes: [UInt8] = []
    private var secrets: [String] = []

    mutating func append(_ piece: [UInt8]) {
        bytes += piece.suffix(Self.limit)
        if bytes.count > 2 * Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
    }

    /// A secret that was typed into a program, which may show it.
    mutating func hide(_ secret: String) { if !secret.isEmpty { secrets.append(secret) } }

    var text: String {
        var text = String(decoding: bytes, as: UTF8.self)
        for secret in secrets {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return String(text.suffix(Self.characters))
    }
}
