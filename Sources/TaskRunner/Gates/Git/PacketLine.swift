/// The lines of git's protocol: four hexadecimal digits for the length, themselves included, and that many bytes.
enum PacketLine {
    static let flush = Array("0000".utf8)
    /// Bytes of the largest, with the digits.
    static let largest = 65_520

    static func bytes(_ payload: some Collection<UInt8>) -> [UInt8] {
        let digits = String(payload.count + 4, radix: 16)
        return Array((String(repeating: "0", count: 4 - digits.count) + digits).utf8) + payload
    }

    static func bytes(_ text: String) -> [UInt8] { bytes(text.utf8) }

    /// What the four digits say: bytes that follow, `nil` for a flush. Throws on anything else.
    static func size(_ digits: [UInt8]) throws(PushRefusal) -> Int? {
        let hexadecimal = Set("0123456789abcdefABCDEF".utf8)
        guard digits.count == 4, digits.allSatisfy(hexadecimal.contains),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size == 0 || size > 4,
            size <= largest
        else { throw PushRefusal("this is not git's protocol") }
        return size == 0 ? nil : size - 4
    }

    /// The text in the bands of a connection that has bands: 1 is what git reads, 2 is shown to its user.
    static func banded(_ band: UInt8, _ bytes: some Collection<UInt8>) -> [UInt8] {
        var rest = Array(bytes)[...]
        var result: [UInt8] = []
        while !rest.isEmpty {
            result += Self.bytes([band] + rest.prefix(largest - 5))
            rest = rest.dropFirst(largest - 5)
        }
        return result
    }
}

/// Why a push is not taken.
struct PushRefusal: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
