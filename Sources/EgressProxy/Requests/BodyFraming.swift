/// Where the body of a request ends.
public enum BodyFraming: Equatable, Sendable {
    /// This many bytes.
    case length(Int)
    /// Chunks.
    case chunked
}

/// Follows a body through the bytes of a connection, so that nothing behind its end is passed on as a second request.
///
/// Chunks are read strictly: no extensions, no trailers, no blanks, sizes of at most 12 hexadecimal digits.
struct BodyScanner: Equatable, Sendable {
    enum Progress: Equatable, Sendable {
        /// All bytes belong to the body, and more follows.
        case all
        /// The body ends after this many of the bytes.
        case ends(after: Int)
        case malformed
    }

    private enum State: Equatable {
        case data(Int), size(digits: Int, value: Int), sizeLF(Int), chunk(Int), chunkCR, chunkLF, lastCR, lastLF,
            complete
    }

    private var state: State

    init(_ framing: BodyFraming) {
        switch framing {
        case .length(let length): state = length == 0 ? .complete : .data(length)
        case .chunked: state = .size(digits: 0, value: 0)
        }
    }

    var isComplete: Bool { state == .complete }

    mutating func consume(_ bytes: some RandomAccessCollection<UInt8>) -> Progress {
        var at = bytes.startIndex
        while at < bytes.endIndex {
            switch state {
            case .complete: return .ends(after: bytes.distance(from: bytes.startIndex, to: at))
            case .data(let left), .chunk(let left):
                let taken = min(left, bytes.distance(from: at, to: bytes.endIndex))
                at = bytes.index(at, offsetBy: taken)
                advance(by: taken)
            default:
                guard let next = Self.next(state, bytes[at]) else { return .malformed }
                state = next
                at = bytes.index(after: at)
            }
        }
        return state == .complete ? .ends(after: bytes.count) : .all
    }

    private mutating func advance(by taken: Int) {
        switch state {
        case .data(let left): state = left == taken ? .complete : .data(left - taken)
        case .chunk(let left): state = left == taken ? .chunkCR : .chunk(left - taken)
        default: break
        }
    }

    private static func next(_ state: State, _ byte: UInt8) -> State? {
        switch (state, byte) {
        case (.size(let digits, let value), 0x0D): digits > 0 ? .sizeLF(value) : nil
        case (.size(let digits, let value), _):
            digits < 12 ? hexadecimal(byte).map { .size(digits: digits + 1, value: value << 4 | $0) } : nil
        case (.sizeLF(0), 0x0A): .lastCR
        case (.sizeLF(let size), 0x0A): .chunk(size)
        case (.chunkCR, 0x0D): .chunkLF
        case (.chunkLF, 0x0A): .size(digits: 0, value: 0)
        case (.lastCR, 0x0D): .lastLF
        case (.lastLF, 0x0A): .complete
        default: nil
        }
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46: Int(byte) - 0x41 + 10
        case 0x61...0x66: Int(byte) - 0x61 + 10
        default: nil
        }
    }
}
