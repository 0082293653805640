/// Looks for Base64 and hexadecimal that a program broke into lines or groups: gaps of white space and colons, and line
/// ends as they are written within JSON, do not count.
struct BrokenText: Sendable {
    private var state: Int32 = 0
    /// Where the last significant bytes stood: a ring as long as the longest pattern.
    private var places: [Int]
    private var count = 0
    /// Bytes of the gap that is being read.
    private var gap = 0
    private var isEscape = false

    /// A gap may be a line end with as much indentation.
    private static let longestGap = 64

    init(longest: Int) {
        places = [Int](repeating: 0, count: max(longest, 1))
    }

    static let escape = UInt8(ascii: "\\")

    static func isGap(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x20, UInt8(ascii: ":"): true
        default: false
        }
    }

    var isIdle: Bool { state == 0 }

    /// Takes the byte at `place`. Where what ends there began, if something does.
    mutating func take(_ byte: UInt8, at place: Int, _ automaton: PatternAutomaton) -> Int? {
        if state != 0 {
            if isEscape {
                isEscape = false
                if byte == UInt8(ascii: "n") || byte == UInt8(ascii: "r") || byte == UInt8(ascii: "t") {
                    lengthen(2)
                    return nil
                }
                state = 0
            } else if Self.isGap(byte) {
                lengthen(1)
                return nil
            } else if byte == Self.escape {
                isEscape = true
                return nil
            }
        }
        gap = 0
        state = automaton.step(state, byte)
        guard state != 0 else { return nil }
        places[count % places.count] = place
        count += 1
        let length = automaton.match(state)
        return length > 0 ? begin(length) : nil
    }

    /// Where what is being read began.
    func begin(_ automaton: PatternAutomaton) -> Int? {
        let depth = automaton.depth(state)
        return depth > 0 ? begin(depth) : nil
    }

    /// Where at least half of a pattern began.
    func half(_ automaton: PatternAutomaton) -> Int? {
        let length = automaton.half(state)
        return length > 0 ? begin(length) : nil
    }

    private func begin(_ length: Int) -> Int {
        places[(count - length) % places.count]
    }

    private mutating func lengthen(_ bytes: Int) {
        gap += bytes
        if gap > Self.longestGap {
            state = 0
            gap = 0
        }
    }
}
