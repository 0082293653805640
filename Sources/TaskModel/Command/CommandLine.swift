/// A command as the words that a program gets. Split as a POSIX shell splits words, and never given to one: what only a
/// shell could carry out is refused with its place, not interpreted.
public struct CommandLine: Hashable, Sendable {
    /// The program and its arguments; never empty.
    public let words: [String]

    /// Why a command is refused.
    public struct Refusal: Error, Hashable, Sendable {
        /// Place in the command, in Unicode scalars from 0.
        public let position: Int
        /// What stands there and what to do instead.
        public let reason: String
    }

    /// Splits `text`. Throws where it needs a shell.
    public init(_ text: String) throws(Refusal) {
        var splitter = WordSplitter(text)
        words = try splitter.split()
        guard let program = words.first, !program.isEmpty else {
            throw Refusal(position: 0, reason: "there is no program to run")
        }
    }
}

/// Splits one command, scalar by scalar.
private struct WordSplitter {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var words: [String] = []
    /// The word under way; `nil` between words.
    private var word: String?

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    mutating func split() throws(CommandLine.Refusal) -> [String] {
        while let scalar = current {
            try checkCharacter(scalar)
            switch scalar {
            case " ", "\t": endWord()
            case "'": try singleQuoted()
            case "\"": try doubleQuoted()
            case "\\": try escaped()
            case "$" where next == "'": try ansiQuoted()
            case "$", "`": throw refusal("needs a shell: substitutions are not carried out; quote it with '…'")
            case "|", "&", ";", "<", ">", "(", ")":
                throw refusal("needs a shell: \(scalar) is an operator; quote it with '…' if it is meant as text")
            case "*", "?", "[":
                throw refusal("needs a shell: \(scalar) is a pattern; name the files, or quote it with '…'")
            case "{", "}":
                throw refusal("needs a shell: \(scalar) may expand; quote it with '…'")
            case "#" where word == nil: throw refusal("needs a shell: a comment; quote # with '…'")
            case "~" where word == nil: throw refusal("needs a shell: ~ stands for a home directory; write the path")
            default: append(scalar)
            }
            position += 1
        }
        endWord()
        return words
    }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }
    private var next: Unicode.Scalar? { position + 1 < scalars.count ? scalars[position + 1] : nil }

    private func refusal(_ reason: String) -> CommandLine.Refusal {
        CommandLine.Refusal(position: position, reason: reason)
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        word = word ?? ""
        word?.unicodeScalars.append(scalar)
    }

    private mutating func endWord() {
        if let word { words.append(word) }
        word = nil
    }

    /// Characters that a reader of the command would not see as they are.
    private func checkCharacter(_ scalar: Unicode.Scalar) throws(CommandLine.Refusal) {
        switch scalar.value {
        case 0x0A, 0x0D: throw refusal("a line break stands in the command; write it on one line, or as $'\\n'")
        case 0x09: break
        case 0..<0x20, 0x7F..<0xA0: throw refusal("a control character stands in the command")
        case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C:
            throw refusal("a character that changes the direction of text stands in the command")
        default: break
        }
    }

    private mutating func singleQuoted() throws(CommandLine.Refusal) {
        let start = position
        word = word ?? ""
        position += 1
        while let scalar = current, scalar != "'" {
            try checkCharacter(scalar)
            append(scalar)
            position += 1
        }
        guard current == "'" else { throw CommandLine.Refusal(position: start, reason: "a quote does not end") }
    }

    private mutating func doubleQuoted() throws(CommandLine.Refusal) {
        let start = position
        word = word ?? ""
        position += 1
        while let scalar = current, scalar != "\"" {
            try checkCharacter(scalar)
            switch scalar {
            case "$", "`": throw refusal("needs a shell: substitutions are not carried out; use '…' quotes")
            case "\\":
                // Between double quotes a backslash only quotes these four.
                if let next, ["\\", "\"", "$", "`"].contains(next) {
                    position += 1
                    append(next)
                } else {
                    append(scalar)
                }
            default: append(scalar)
            }
            position += 1
        }
        guard current == "\"" else { throw CommandLine.Refusal(position: start, reason: "a quote does not end") }
    }

    private mutating func escaped() throws(CommandLine.Refusal) {
        guard let next else { throw refusal("the command ends with a backslash") }
        position += 1
        try checkCharacter(next)
        append(next)
    }

    /// `$'…'` with the escapes of the POSIX standard (2024).
    private mutating func ansiQuoted() throws(CommandLine.Refusal) {
        let start = position
        word = word ?? ""
        position += 2
        while let scalar = current, scalar != "'" {
            try checkCharacter(scalar)
            if scalar == "\\" { try ansiEscape() } else { append(scalar) }
            position += 1
        }
        guard current == "'" else { throw CommandLine.Refusal(position: start, reason: "a quote does not end") }
    }

    private mutating func ansiEscape() throws(CommandLine.Refusal) {
        position += 1
        switch current {
        case "n": append("\n")
        case "t": append("\t")
        case "r": append("\r")
        case "a": append("\u{7}")
        case "b": append("\u{8}")
        case "e": append("\u{1B}")
        case "f": append("\u{C}")
        case "v": append("\u{B}")
        case "\\": append("\\")
        case "'": append("'")
        case "\"": append("\"")
        case "x": try coded(digits: 2, radix: 16)
        case "0", "1", "2", "3", "4", "5", "6", "7":
            position -= 1
            try coded(digits: 3, radix: 8)
        default: throw refusal("unknown escape in $'…'")
        }
    }

    /// A character by its number, up to 7F; larger bytes would be half of a UTF-8 character.
    private mutating func coded(digits: Int, radix: Int) throws(CommandLine.Refusal) {
        var text = ""
        while text.count < digits, let next, Int(String(next), radix: radix) != nil {
            text.unicodeScalars.append(next)
            position += 1
        }
        guard let number = UInt32(text, radix: radix), (1...0x7F).contains(number), let scalar = Unicode.Scalar(number)
        else { throw refusal("the number of a character in $'…' must be from 1 to 7F (hexadecimal)") }
        append(scalar)
    }
}
