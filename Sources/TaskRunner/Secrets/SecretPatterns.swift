/// What is looked for, built once for the secrets of a project.
final class SecretPatterns: Sendable {
    let exact: PatternAutomaton
    let broken: PatternAutomaton
    /// A bit for each pair of bytes that something may begin with: most text is passed by looking at these alone.
    let beginnings: [UInt64]

    init(_ secrets: [SecretValue]) {
        var exactForms: Set<[UInt8]> = []
        var brokenForms: Set<[UInt8]> = []
        for secret in secrets {
            exactForms.formUnion(SecretEncodings.exact(secret.bytes))
            brokenForms.formUnion(SecretEncodings.broken(secret.bytes))
        }
        exact = PatternAutomaton(exactForms)
        broken = PatternAutomaton(brokenForms)
        var bits = [UInt64](repeating: 0, count: 1024)
        func set(_ first: UInt8, _ second: UInt8) {
            let index = Int(first) << 8 | Int(second)
            bits[index >> 6] |= 1 << UInt64(index & 63)
        }
        for (first, second) in exact.beginnings + broken.beginnings {
            if let second { set(first, second) }
        }
        for (first, _) in broken.beginnings {
            for gap in UInt8.min...UInt8.max where BrokenText.isGap(gap) || gap == BrokenText.escape { set(first, gap) }
        }
        beginnings = bits
    }

    var isEmpty: Bool { exact.isEmpty }

    /// The first index from `start` on where something may begin, or that of the last byte.
    func skip(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let last = bytes.count - 1
        guard start < last else { return start }
        return beginnings.withUnsafeBufferPointer { bits in
            var index = start
            var first = Int(bytes[index])
            while index < last {
                let second = Int(bytes[index + 1])
                let pair = first << 8 | second
                if bits[pair >> 6] & (1 << UInt64(pair & 63)) != 0 { return index }
                first = second
                index += 1
            }
            return last
        }
    }
}
