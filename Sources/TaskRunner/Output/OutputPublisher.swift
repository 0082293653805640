internal import TaskModel

/// Cuts what an attempt prints into chunks: large enough to be cheap, early enough to be live, bounded in all.
struct OutputPublisher {
    /// Bytes of a full chunk; none is longer. JSON may write a byte as six, and a record must stay far below 1 MB.
    static let chunkSize = 32_768
    /// Seconds that text waits for more.
    static let flushSeconds = 0.2

    private let ref: AttemptRef
    private var budget: Int
    private var seq: Int64 = 0
    private var stream = OutputChunk.Stream.stdout
    private var text = ""
    private(set) var flushAt: Double?
    private var decoders: [OutputChunk.Stream: UTF8Chunker] = [.stdout: UTF8Chunker(), .stderr: UTF8Chunker()]
    private(set) var tail = OutputTail()
    private var isTruncated = false

    init(ref: AttemptRef, limit: Int) {
        self.ref = ref
        budget = limit
    }

    mutating func append(_ bytes: some Collection<UInt8>, _ stream: OutputChunk.Stream, now: Double) -> [OutputChunk] {
        let decoded = decoders[stream, default: UTF8Chunker()].decode(bytes)
        return take(decoded, printed: bytes.count, stream, now: now)
    }

    /// The rest, when nothing more can come.
    mutating func finish(now: Double) -> [OutputChunk] {
        var chunks: [OutputChunk] = []
        for stream in [OutputChunk.Stream.stdout, .stderr] {
            let rest = decoders[stream, default: UTF8Chunker()].finish()
            chunks += take(rest, printed: 0, stream, now: now)
        }
        return chunks + flush()
    }

    private mutating func take(
        _ decoded: String, printed: Int, _ stream: OutputChunk.Stream, now: Double
    ) -> [OutputChunk] {
        tail.append(decoded, printed: printed)
        guard !decoded.isEmpty, !isTruncated else { return [] }
        var chunks: [OutputChunk] = []
        if stream != self.stream { chunks += flush() }
        // What was gathered may have been the last that is published.
        guard !isTruncated else { return chunks }
        self.stream = stream
        text += decoded
        if flushAt == nil { flushAt = now + Self.flushSeconds }
        if text.utf8.count >= Self.chunkSize { chunks += flush() }
        return chunks
    }

    /// What is gathered, as chunks.
    mutating func flush() -> [OutputChunk] {
        flushAt = nil
        guard !text.isEmpty else { return [] }
        var rest = text[...]
        text = ""
        var chunks: [OutputChunk] = []
        while !rest.isEmpty {
            let piece = rest.wholeScalars(bytes: min(Self.chunkSize, budget))
            if !piece.isEmpty { chunks.append(chunk(String(piece), isTruncated: false)) }
            budget -= piece.utf8.count
            rest = rest[piece.endIndex...]
            guard rest.isEmpty || budget >= Self.longestScalar else {
                isTruncated = true
                return chunks + [chunk("[more output is not published]\n", isTruncated: true)]
            }
        }
        return chunks
    }

    /// Bytes of the longest character in UTF-8: with less left than that nothing more is published.
    private static let longestScalar = 4

    private mutating func chunk(_ text: String, isTruncated: Bool) -> OutputChunk {
        defer { seq += 1 }
        return OutputChunk(ref: ref, seq: seq, stream: stream, text: text, isTruncated: isTruncated, at: .now)
    }
}

extension Substring {
    /// The longest beginning of at most so many bytes that cuts no character in two.
    fileprivate func wholeScalars(bytes: Int) -> Substring {
        guard var end = utf8.index(startIndex, offsetBy: bytes, limitedBy: endIndex) else { return self }
        while end > startIndex, end < endIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return self[..<end]
    }
}
