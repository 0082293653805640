/// Quotes, escapes and what a shell puts in.
extension ShellReader {
    mutating func readEscape() {
        place += 1
        guard let byte = current else {
            append(UInt8(ascii: "\\"))
            return
        }
        // A backslash before a line break joins the lines.
        if byte != UInt8(ascii: "\n") { append(byte) }
    }

    mutating func readSingleQuotes() {
        isInWord = true
        place += 1
        while let byte = current, byte != UInt8(ascii: "'") {
            word.append(byte)
            place += 1
        }
        if current == nil { text.isComplete = false }
    }

    mutating func readDoubleQuotes() {
        isInWord = true
        place += 1
        while let byte = current, byte != UInt8(ascii: "\"") {
            switch byte {
            case UInt8(ascii: "$"): readDollar(isQuoted: true)
            case UInt8(ascii: "`"): readBackquotes()
            case UInt8(ascii: "\\"):
                if let next = peek(), "\\\"$`\n".utf8.contains(next) {
                    place += 1
                    if next != UInt8(ascii: "\n") { word.append(next) }
                } else {
                    word.append(byte)
                }
            default: word.append(byte)
            }
            place += 1
        }
        if current == nil { text.isComplete = false }
    }

    /// `$NAME`, `${…}`, `$(…)`, `$((…))`, `$'…'`, `$"…"`. Ends on the last byte that it took.
    mutating func readDollar(isQuoted: Bool) {
        switch peek() {
        case UInt8(ascii: "'") where !isQuoted:
            place += 1
            readANSIQuotes()
        case UInt8(ascii: "\"") where !isQuoted:
            place += 1
            readDoubleQuotes()
        case UInt8(ascii: "("):
            place += 1
            isInWord = true
            isDynamic = true
            takeSubstitution()
        case UInt8(ascii: "{"):
            place += 1
            let body = takeBalanced(UInt8(ascii: "{"), UInt8(ascii: "}"))
            takeVariable(Array(body), isQuoted: isQuoted)
            takeSubstitutions(of: Array(body))
        case let byte? where ASCII.isWord(byte) || "@*#?-$!".utf8.contains(byte):
            var name: [UInt8] = []
            repeat {
                place += 1
                if let current { name.append(current) }
            } while ASCII.isLetter(name[0]) && peek().map { ASCII.isWord($0) && $0 < 0x80 } == true
            takeVariable(name, isQuoted: isQuoted)
        default: append(UInt8(ascii: "$"))
        }
    }

    private mutating func takeVariable(_ name: [UInt8], isQuoted: Bool) {
        if !isQuoted, name.starts(with: "IFS".utf8) { return endWord() }
        if name.first.map({ ASCII.isDigit($0) || "@*!".utf8.contains($0) }) == true { text.usesParameters = true }
        // Numbers that cannot be an option or a name.
        if name == [UInt8(ascii: "#")] || name == [UInt8(ascii: "?")] || name == [UInt8(ascii: "$")] {
            append(UInt8(ascii: "0"))
            return
        }
        isInWord = true
        isDynamic = true
    }

    mutating func readBackquotes() {
        isInWord = true
        isDynamic = true
        var body: [UInt8] = []
        place += 1
        while let byte = current, byte != UInt8(ascii: "`") {
            if byte == UInt8(ascii: "\\"), let next = peek(), "`\\$".utf8.contains(next) {
                place += 1
                body.append(next)
            } else {
                body.append(byte)
            }
            place += 1
        }
        if current == nil { text.isComplete = false }
        text.substitutions.append(body)
    }

    /// A command in parentheses whose opening one is the current byte.
    mutating func takeSubstitution() {
        let body = Array(takeBalanced(UInt8(ascii: "("), UInt8(ascii: ")")))
        var inner = ShellReader(body)
        if body.first == UInt8(ascii: "(") {
            let sum = Array(inner.takeBalanced(UInt8(ascii: "("), UInt8(ascii: ")")))
            if inner.place == body.count - 1 { return takeSubstitutions(of: sum) }
        }
        // The end of `case` patterns looks like the end of the substitution.
        if body.contains(Array("case".utf8)) { text.isComplete = false }
        text.substitutions.append(body)
    }

    /// The substitutions in a text that is no command itself: between double quotes, in a here-document, in `${…}`.
    mutating func takeSubstitutions(of body: [UInt8]) {
        guard body.contains(where: { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "`") }) else { return }
        var inner = ShellReader(body)
        while let byte = inner.current {
            switch byte {
            case UInt8(ascii: "\\"): inner.place += 1
            case UInt8(ascii: "$"): inner.readDollar(isQuoted: true)
            case UInt8(ascii: "`"): inner.readBackquotes()
            default: break
            }
            inner.place += 1
        }
        text.substitutions += inner.text.substitutions
        text.isComplete = text.isComplete && inner.text.isComplete
        text.usesParameters = text.usesParameters || inner.text.usesParameters
    }

    /// What stands between the bracket at the current place and its partner; ends on the partner.
    mutating func takeBalanced(_ open: UInt8, _ close: UInt8) -> ArraySlice<UInt8> {
        let start = place + 1
        var depth = 0
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: "'"): skip(to: UInt8(ascii: "'"), escapes: false)
            case UInt8(ascii: "\""): skip(to: UInt8(ascii: "\""), escapes: true)
            case UInt8(ascii: "`"): skip(to: UInt8(ascii: "`"), escapes: true)
            case UInt8(ascii: "#") where open == UInt8(ascii: "(") && isAfterSpace:
                skip(to: UInt8(ascii: "\n"), escapes: false)
            case open: depth += 1
            case close:
                depth -= 1
                if depth == 0 { return bytes[start..<place] }
            default: break
            }
            place += 1
        }
        text.isComplete = false
        return bytes[min(start, bytes.count)...]
    }

    private var isAfterSpace: Bool { place > 0 && " \n\t;(".utf8.contains(bytes[place - 1]) }

    /// Goes to the next `end`, which is the partner of the current byte.
    private mutating func skip(to end: UInt8, escapes: Bool) {
        place += 1
        while let byte = current, byte != end {
            if escapes, byte == UInt8(ascii: "\\") {
                place += 1
            } else if escapes, end == UInt8(ascii: "\""), byte == UInt8(ascii: "$"), peek() == UInt8(ascii: "(") {
                place += 1
                _ = takeBalanced(UInt8(ascii: "("), UInt8(ascii: ")"))
            }
            place += 1
        }
    }
}
