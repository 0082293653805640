/// Reads the text of a shell so that no command in it is missed: separators, pipes, groups, substitutions,
/// here-documents. Where a shell might read it in more than one way, the reader prefers to see a command too many.
struct ShellReader {
    let bytes: [UInt8]
    var place = 0
    var text = ShellText()
    private var command = ShellCommand()
    /// The word under way.
    var word: [UInt8] = []
    var isInWord = false
    var isDynamic = false
    /// Whether a pattern stands in the word: as the name of a program only a shell knows what it is.
    private var isPattern = false
    private var patterns: Set<Int> = []
    /// What the next word is, if not an argument.
    private var pending = Pending.argument
    private var hereDocuments: [HereDocument] = []

    private enum Pending { case argument, file, hereString, hereDocument(stripsTabs: Bool) }
    private struct HereDocument {
        let end: [UInt8]
        let stripsTabs: Bool
        /// The command that gets it: a place in the list, the one under way being the next.
        let command: Int
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func read(_ bytes: [UInt8]) -> ShellText {
        var reader = ShellReader(bytes)
        reader.read()
        return reader.text
    }

    var current: UInt8? { place < bytes.count ? bytes[place] : nil }
    func peek(_ distance: Int = 1) -> UInt8? { place + distance < bytes.count ? bytes[place + distance] : nil }

    private mutating func read() {
        while let byte = current {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): endWord()
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                endCommand()
                readHereDocuments()
            case UInt8(ascii: "#") where !isInWord: skipComment()
            case UInt8(ascii: "\\"): readEscape()
            case UInt8(ascii: "'"): readSingleQuotes()
            case UInt8(ascii: "\""): readDoubleQuotes()
            case UInt8(ascii: "$"): readDollar(isQuoted: false)
            case UInt8(ascii: "`"): readBackquotes()
            case UInt8(ascii: "|") where peek() == UInt8(ascii: "|"):
                endCommand()
                place += 1
            case UInt8(ascii: "|"):
                if peek() == UInt8(ascii: "&") { place += 1 }
                endCommand()
                command.source = text.commands.isEmpty ? nil : text.commands.count - 1
            case UInt8(ascii: "&") where peek() == UInt8(ascii: ">"): endWord()
            case UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "("), UInt8(ascii: ")"): endCommand()
            case UInt8(ascii: "<"), UInt8(ascii: ">"): readRedirection(byte)
            case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["):
                isPattern = true
                append(byte)
            case UInt8(ascii: "{") where isBraceExpansion():
                isDynamic = true
                append(byte)
            default: append(byte)
            }
            place += 1
        }
        endCommand()
        if !hereDocuments.isEmpty { text.isComplete = false }
    }

    mutating func append(_ byte: UInt8) {
        isInWord = true
        word.append(byte)
    }

    mutating func endWord() {
        guard isInWord else { return }
        let ended = CommandWord(word, isDynamic: isDynamic)
        switch pending {
        case .file: command.redirections.append(ended)
        case .hereString: command.inputs.append(ended)
        case .hereDocument(let stripsTabs):
            hereDocuments.append(
                HereDocument(end: word, stripsTabs: stripsTabs, command: text.commands.count))
        case .argument:
            let isBracket = word == [UInt8(ascii: "[")] || word == [UInt8(ascii: "["), UInt8(ascii: "[")]
            if isPattern, !isBracket { patterns.insert(command.words.count) }
            command.words.append(ended)
        }
        word = []
        isInWord = false
        isDynamic = false
        isPattern = false
        pending = .argument
    }

    mutating func endCommand() {
        endWord()
        ShellWords.finish(&command, patterns)
        let isUsed =
            !command.words.isEmpty || !command.assignments.isEmpty || !command.redirections.isEmpty
            || !command.inputs.isEmpty || hereDocuments.contains { $0.command == text.commands.count }
        if isUsed {
            text.commands.append(command)
            command = ShellCommand()
        } else {
            // `a | ( b` and `a | { b`: what comes next still reads the pipe.
            command = ShellCommand(source: command.source)
        }
        patterns = []
    }

    private mutating func skipComment() {
        while let byte = current, byte != UInt8(ascii: "\n") { place += 1 }
        place -= 1
    }

    private mutating func readRedirection(_ byte: UInt8) {
        // The number before it is a descriptor, not an argument.
        if isInWord, !isDynamic, word.allSatisfy(ASCII.isDigit) {
            word = []
            isInWord = false
        } else {
            endWord()
        }
        if peek() == UInt8(ascii: "(") {
            // A process substitution is a word that nobody knows, and a command.
            place += 1
            isInWord = true
            isDynamic = true
            takeSubstitution()
            return
        }
        if byte == UInt8(ascii: "<"), peek() == UInt8(ascii: "<") {
            if peek(2) == UInt8(ascii: "<") {
                place += 2
                pending = .hereString
            } else {
                let stripsTabs = peek(2) == UInt8(ascii: "-")
                place += stripsTabs ? 2 : 1
                pending = .hereDocument(stripsTabs: stripsTabs)
            }
            return
        }
        while let next = peek(), ">|&".utf8.contains(next) || (byte == UInt8(ascii: "<") && next == byte) { place += 1 }
        pending = .file
    }

    private mutating func readHereDocuments() {
        for document in hereDocuments {
            var body: [UInt8] = []
            var isEnded = false
            while place < bytes.count, !isEnded {
                let start = place + 1
                guard start <= bytes.count else { break }
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
                var line = bytes[start..<end]
                if document.stripsTabs { line = line.drop { $0 == UInt8(ascii: "\t") } }
                isEnded = Array(line) == document.end
                if !isEnded { body += line + [UInt8(ascii: "\n")] }
                place = end
            }
            if !isEnded { text.isComplete = false }
            if document.command < text.commands.count {
                text.commands[document.command].inputs.append(CommandWord(body))
            }
            takeSubstitutions(of: body)
        }
        hereDocuments = []
    }

    /// `{a,b}` and `{a..b}`, which give several words.
    private func isBraceExpansion() -> Bool {
        let rest = bytes[(place + 1)...].prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ";") }
        guard rest.contains(UInt8(ascii: "}")) else { return false }
        return rest.contains(UInt8(ascii: ",")) || Array(rest).contains(Array("..".utf8))
    }
}
