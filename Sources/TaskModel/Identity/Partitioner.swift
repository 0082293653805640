/// How a key becomes a partition (`kafka.partitioner`). It must be the one that most producers use; what arrives on
/// another partition is forwarded home.
public enum Partitioner: String, Sendable, CaseIterable {
    /// Java's clients, `murmur2_random` in librdkafka.
    case murmur2
    /// librdkafka's default for keyed records, `consistent_random`.
    case crc32

    /// The partition of `key` among `count` (> 0) partitions.
    public func partition(of key: String, count: Int32) -> Int32 {
        let bytes = Array(key.utf8)
        switch self {
        case .murmur2: return Int32(Self.murmur2(bytes) & 0x7FFF_FFFF) % count
        case .crc32: return Int32(Self.crc32(bytes) % UInt32(count))
        }
    }

    /// `org.apache.kafka.common.utils.Utils.murmur2`.
    static func murmur2(_ data: [UInt8]) -> UInt32 {
        let multiplier: UInt32 = 0x5BD1_E995
        var hash: UInt32 = 0x9747_B28C ^ UInt32(truncatingIfNeeded: data.count)
        let blocks = data.count / 4
        for block in 0..<blocks {
            let at = block * 4
            var word =
                UInt32(data[at]) | UInt32(data[at + 1]) << 8 | UInt32(data[at + 2]) << 16 | UInt32(data[at + 3]) << 24
            word = word &* multiplier
            word ^= word >> 24
            word = word &* multiplier
            hash = hash &* multiplier ^ word
        }
        let rest = data.count % 4
        let tail = blocks * 4
        if rest >= 3 { hash ^= UInt32(data[tail + 2]) << 16 }
        if rest >= 2 { hash ^= UInt32(data[tail + 1]) << 8 }
        if rest >= 1 {
            hash ^= UInt32(data[tail])
            hash = hash &* multiplier
        }
        hash ^= hash >> 13
        hash = hash &* multiplier
        hash ^= hash >> 15
        return hash
    }

    /// The CRC-32 of IEEE 802.3.
    static func crc32(_ data: [UInt8]) -> UInt32 {
        var crc: UInt32 = .max
        for byte in data {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
