/// Replaces secrets in a stream of bytes by `***`: their values and how they look in Base64 (standard and URL-safe,
/// wherever they stand in it, also in lines and groups), hexadecimal, percent-encoding and JSON strings.
///
/// Give it every stream of an attempt in a mask of its own, before bytes become text. However the stream is cut into
/// pieces, the result is the same.
public struct SecretMask: Sendable {
    public static let replacement = "***"

    private let patterns: SecretPatterns
    private var exact: Int32 = 0
    private var broken: BrokenText
    /// What may be part of a secret, from `heldAt` on in the stream.
    private var held: [UInt8] = []
    private var heldAt = 0
    /// Ranges of the stream that are secret and not yet put out, in order, none touching another.
    private var secrets: [Range<Int>] = []
    /// The end of the last that was put out.
    private var maskedUpTo = -1

    public init(_ secrets: [SecretValue]) {
        self.init(SecretPatterns(secrets))
    }

    private init(_ patterns: SecretPatterns) {
        self.patterns = patterns
        broken = BrokenText(longest: patterns.broken.longest)
    }

    /// A mask of the same secrets for another stream, without building anything.
    public var fresh: SecretMask { SecretMask(patterns) }

    /// Whether there is nothing to mask.
    public var isEmpty: Bool { patterns.isEmpty }

    /// Bytes that are held back at most: those that may still turn out to be part of a secret.
    public var heldBytes: Int { held.count }

    /// What of the stream is certain after these bytes.
    public mutating func mask(_ bytes: some Collection<UInt8>) -> [UInt8] {
        if patterns.isEmpty { return Array(bytes) }
        let start = held.count
        held.append(contentsOf: bytes)
        scan(from: start)
        let end = heldAt + held.count
        let depth = patterns.exact.depth(exact)
        return release(upTo: min(end - depth, broken.begin(patterns.broken) ?? end))
    }

    /// The rest, when nothing more comes. What is at least half of a secret by then is masked.
    public mutating func finish() -> [UInt8] {
        let end = heldAt + held.count
        let half = patterns.exact.half(exact)
        if half > 0 { note(end - half..<end) }
        if let begin = broken.half(patterns.broken) { note(begin..<end) }
        let rest = release(upTo: end)
        self = fresh
        return rest
    }

    /// A whole text, an error's sentence for example. Does not touch the stream.
    public func mask(_ text: String) -> String {
        if patterns.isEmpty { return text }
        var mask = fresh
        let bytes = mask.mask(Array(text.utf8)) + mask.finish()
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func scan(from start: Int) {
        var found: [Range<Int>] = []
        let patterns = patterns
        let held = held
        held.withUnsafeBufferPointer { bytes in
            var index = start
            while index < bytes.count {
                if exact == 0, broken.isIdle {
                    index = patterns.skip(bytes, from: index)
                }
                let byte = bytes[index]
                let place = heldAt + index
                exact = patterns.exact.step(exact, byte)
                let length = patterns.exact.match(exact)
                if length > 0 { found.append(place + 1 - length..<place + 1) }
                if let begin = broken.take(byte, at: place, patterns.broken) { found.append(begin..<place + 1) }
                index += 1
            }
        }
        for range in found { note(range) }
    }

    /// Takes in a range that ends no earlier than all before it.
    private mutating func note(_ range: Range<Int>) {
        var begin = range.lowerBound
        while let last = secrets.last, last.upperBound >= begin {
            begin = min(begin, last.lowerBound)
            secrets.removeLast()
        }
        secrets.append(begin..<range.upperBound)
    }

    /// Puts out what stands before `limit`.
    private mutating func release(upTo limit: Int) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(limit - heldAt)
        var position = heldAt
        var done = 0
        for range in secrets where range.lowerBound < limit {
            // What came before it may belong to a secret that was put out already.
            if range.lowerBound > position {
                output += held[position - heldAt..<range.lowerBound - heldAt]
            }
            if max(range.lowerBound, position) > maskedUpTo || maskedUpTo < 0 { output += Self.replacement.utf8 }
            let end = min(range.upperBound, limit)
            maskedUpTo = end
            position = max(position, end)
            if range.upperBound <= limit { done += 1 }
        }
        secrets.removeFirst(done)
        if limit > position { output += held[position - heldAt..<limit - heldAt] }
        held.removeFirst(limit - heldAt)
        heldAt = limit
        return output
    }
}
