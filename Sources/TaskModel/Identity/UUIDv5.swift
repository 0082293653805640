internal import Crypto

/// Name-based UUIDs of RFC 9562, section 5.5.
public enum UUIDv5 {
    /// A namespace: the 16 bytes of a UUID.
    public struct Namespace: Sendable {
        let bytes: [UInt8]

        /// `6f1c1b5e-6a0c-5d53-9d0e-70616e646172`, fixed for all time: changing it would change every derived id.
        public static let pandar = Namespace(bytes: [
            0x6F, 0x1C, 0x1B, 0x5E, 0x6A, 0x0C, 0x5D, 0x53, 0x9D, 0x0E, 0x70, 0x61, 0x6E, 0x64, 0x61, 0x72,
        ])
    }

    /// The UUID of `name` in `namespace`, in lower-case text form.
    public static func text(namespace: Namespace, name: String) -> String {
        var hash = Insecure.SHA1()
        hash.update(data: namespace.bytes)
        hash.update(data: Array(name.utf8))
        var bytes = Array(hash.finalize().prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
