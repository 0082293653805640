/// Seeded damage to a record's value.
public enum Mutation {
    private static let fragments = [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "\\u0000", "\\ud800", "null", "-0", "1e999", "99999999999999999999",
        "\"task_id\":\"t\",", "\"action\":\"start\",",
    ].map { Array($0.utf8) }

    /// The value with `times` small changes, as many as chance says.
    public static func mutated(
        _ value: [UInt8], times: ClosedRange<Int>, using generator: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = value
        for _ in 0..<Int.random(in: times, using: &generator) { mutate(&bytes, &generator) }
        return bytes
    }

    private static func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let at = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1 where at < bytes.count: bytes.remove(at: at)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: at)
        case 3: bytes.insert(contentsOf: fragments[Int.random(in: 0..<fragments.count, using: &generator)], at: at)
        default: bytes.removeSubrange(at..<min(bytes.count, at + 8))
        }
    }
}
