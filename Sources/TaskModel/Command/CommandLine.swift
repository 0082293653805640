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

        /// In one sentence for people.
        public var sentence: String { "The command cannot be run: at character \(position), \(reason)." }
    }

    /// Splits `text`. Throws where it needs a shell.
    public init(_ text: String) throws(Refusal) {
        var splitter = WordSplitter(text)
        do throws(WordSplitter.Problem) {
            words = try splitter.split()
        } catch {
            throw Refusal(position: splitter.scalarPosition(of: error.byte), reason: error.reason)
        }
        guard let program = words.first, !program.isEmpty else {
            throw Refusal(position: 0, reason: "there is no program to run")
        }
    }

    /// `words` as a command that splits into them again. What could not be seen is written as `$'…'`.
    ///
    /// A word with a character that no command may hold (NUL, one that changes the direction of text) gives a text that
    /// is refused.
    public static func quoted(_ words: [String]) -> String {
        words.map(quoted).joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = { (scalar: Unicode.Scalar) in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "+", "=", "/", ".", ",", ":", "@", "%": true
            default: false
            }
        }
        if !word.isEmpty, word.unicodeScalars.allSatisfy(isPlain) { return word }
        guard word.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return "'" + word.replacing("'", with: #"'\''"#) + "'"
        }
        var text = "$'"
        for scalar in word.unicodeScalars {
            switch scalar {
            case "'", "\\": text.unicodeScalars.append(contentsOf: ["\\", scalar])
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "'"
    }
}
