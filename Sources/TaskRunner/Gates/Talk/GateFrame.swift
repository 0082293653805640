/// The kinds of frames between `pandar-gate`, which is not trusted, and the broker. See frames.h there.
enum GateFrame: UInt8 {
    case hello = 0x48  // H
    case input = 0x44  // D
    case inside = 0x49  // I
    case stream = 0x43  // C
    case wanted = 0x53  // S
    case output = 0x4F  // O
    case error = 0x45  // E
    case exit = 0x58  // X
    case refusal = 0x52  // R

    /// Bytes of the largest payload.
    static let largest = 256 * 1024

    /// The bytes of a frame.
    func bytes(_ payload: some Collection<UInt8>) -> [UInt8] {
        Self.number(UInt32(payload.count)) + [rawValue] + payload
    }

    static func number(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func number(_ bytes: some Collection<UInt8>) -> UInt32 {
        bytes.prefix(4).enumerated().reduce(0) { $0 | UInt32($1.element) << (8 * UInt32($1.offset)) }
    }
}
