/// Splits one command, byte by byte; only what is not ASCII is looked at as a character.
struct WordSplitter {
    /// What is wrong, and at which byte.
    struct Problem: Error {
        let byte: Int
        let reason: String
    }

    private let bytes: [UInt8]
    var position = 0
    private var words: [String] = []
    private var word: [UInt8] = []
    /// Whether a word is under way: an empty one may be.
    private var isInWord = false

    init(_ text: String) {
        bytes = Array(text.utf8)
        word.reserveCapacity(32)
    }

    /// The place of a byte in Unicode scalars.
    func scalarPosition(of byte: Int) -> Int {
        bytes.prefix(byte).reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    mutating func split() throws(Problem) -> [String] {
        while let byte = current {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord()
            case UInt8(ascii: "'"): try singleQuoted()
            case UInt8(ascii: "\""): try doubleQuoted()
            case UInt8(ascii: "\\"): try escaped()
            case UInt8(ascii: "$") where next == UInt8(ascii: "'"): try ansiQuoted()
            case UInt8(ascii: "{") where next == UInt8(ascii: "}"):
                // A shell leaves it as it is, and `find -exec` needs it.
                append(byte)
                position += 1
                append(UInt8(ascii: "}"))
            default:
                if Self.needsShell[Int(byte)] { try refuseOperator(byte) }
                try takeVisible(byte)
            }
            position += 1
        }
        endWord()
        return words
    }

    // MARK: Parts that the extensions share

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }
    var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    func problem(_ reason: String) -> Problem { Problem(byte: position, reason: reason) }

    /// Begins a word, which may stay empty.
    mutating func beginWord() { isInWord = true }

    mutating func append(_ byte: UInt8) {
        isInWord = true
        word.append(byte)
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        isInWord = true
        if let encoded = UTF8.encode(scalar) { word.append(contentsOf: encoded) }
    }

    /// Takes the character at the current place as it is, unless a reader of the command would not see it.
    mutating func takeVisible(_ byte: UInt8) throws(Problem) {
        if byte >= 0x20, byte < 0x7F {
            append(byte)
            return
        }
        let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        let end = min(position + length, bytes.count)
        if let reason = Invisible.reason(bytes, position..<end) { throw problem(reason) }
        isInWord = true
        word.append(contentsOf: bytes[position..<end])
        position = end - 1
    }

    private mutating func endWord() {
        guard isInWord else { return }
        words.append(String(decoding: word, as: UTF8.self))
        word.removeAll(keepingCapacity: true)
        isInWord = false
    }

    // MARK: What needs a shell

    private static let needsShell: [Bool] = {
        var table = [Bool](repeating: false, count: 256)
        for byte in "$`|&;<>()*?[{}#~".utf8 { table[Int(byte)] = true }
        return table
    }()

    private func refuseOperator(_ byte: UInt8) throws(Problem) {
        let asText = "quote it with '…' if it is meant as text"
        switch byte {
        case UInt8(ascii: "$") where next == UInt8(ascii: "("), UInt8(ascii: "`"):
            throw problem("needs a shell: a command's output would be put in; quote it with '…'")
        case UInt8(ascii: "$"): throw problem("needs a shell: a variable would be put in; quote it with '…'")
        case UInt8(ascii: "<") where next == UInt8(ascii: "("), UInt8(ascii: ">") where next == UInt8(ascii: "("):
            throw problem("needs a shell: a second command would run beside; \(asText)")
        case UInt8(ascii: "<"), UInt8(ascii: ">"):
            throw problem("needs a shell: \(character(byte)) is an operator, it redirects a file; \(asText)")
        case UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: ";"):
            throw problem("needs a shell: \(character(byte)) is an operator, it starts a second command; \(asText)")
        case UInt8(ascii: "("), UInt8(ascii: ")"):
            throw problem("needs a shell: \(character(byte)) is an operator, it groups commands; \(asText)")
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["):
            throw problem("needs a shell: \(character(byte)) is a pattern; name the files, or quote it with '…'")
        case UInt8(ascii: "{"), UInt8(ascii: "}"):
            throw problem("needs a shell: \(character(byte)) may expand; quote it with '…'")
        case UInt8(ascii: "#") where !isInWord: throw problem("needs a shell: a comment; quote # with '…'")
        case UInt8(ascii: "~") where !isInWord:
            throw problem("needs a shell: ~ stands for a home directory; write the path")
        default: return
        }
    }

    private func character(_ byte: UInt8) -> String { String(Unicode.Scalar(byte)) }
}
