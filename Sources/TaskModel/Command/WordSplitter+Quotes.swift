/// Quotes and escapes.
extension WordSplitter {
    mutating func singleQuoted() throws(Problem) {
        let start = open()
        while let byte = current, byte != UInt8(ascii: "'") {
            try takeVisible(byte)
            position += 1
        }
        try close(UInt8(ascii: "'"), start)
    }

    mutating func doubleQuoted() throws(Problem) {
        let start = open()
        while let byte = current, byte != UInt8(ascii: "\"") {
            switch byte {
            case UInt8(ascii: "$"), UInt8(ascii: "`"):
                throw problem("needs a shell: between \"…\" a shell would put something in; use '…' quotes")
            case UInt8(ascii: "\\"):
                // Between double quotes a backslash only quotes these four.
                if let next, "\\\"$`".utf8.contains(next) {
                    position += 1
                    append(next)
                } else {
                    append(byte)
                }
            default: try takeVisible(byte)
            }
            position += 1
        }
        try close(UInt8(ascii: "\""), start)
    }

    mutating func escaped() throws(Problem) {
        guard let next else { throw problem("the command ends with a backslash") }
        position += 1
        try takeVisible(next)
    }

    /// `$'…'` with the escapes of the POSIX standard (2024), and `\u` and `\U` as shells have them.
    mutating func ansiQuoted() throws(Problem) {
        position += 1
        let start = open()
        while let byte = current, byte != UInt8(ascii: "'") {
            if byte == UInt8(ascii: "\\") { try ansiEscape() } else { try takeVisible(byte) }
            position += 1
        }
        try close(UInt8(ascii: "'"), start)
    }

    /// Begins a quoted part at the current place, and says where it begins.
    private mutating func open() -> Int {
        beginWord()
        defer { position += 1 }
        return position
    }

    private func close(_ quote: UInt8, _ start: Int) throws(Problem) {
        guard current == quote else { throw Problem(byte: start, reason: "a quote begins that does not end") }
    }

    private mutating func ansiEscape() throws(Problem) {
        position += 1
        switch current {
        case UInt8(ascii: "n"): append(UInt8(0x0A))
        case UInt8(ascii: "t"): append(UInt8(0x09))
        case UInt8(ascii: "r"): append(UInt8(0x0D))
        case UInt8(ascii: "a"): append(UInt8(0x07))
        case UInt8(ascii: "b"): append(UInt8(0x08))
        case UInt8(ascii: "e"), UInt8(ascii: "E"): append(UInt8(0x1B))
        case UInt8(ascii: "f"): append(UInt8(0x0C))
        case UInt8(ascii: "v"): append(UInt8(0x0B))
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "?"):
            if let current { append(current) }
        case UInt8(ascii: "x"): try byNumber(digits: 2, radix: 16, most: 0x7F)
        case UInt8(ascii: "u"): try byNumber(digits: 4, radix: 16, most: 0x10_FFFF)
        case UInt8(ascii: "U"): try byNumber(digits: 8, radix: 16, most: 0x10_FFFF)
        case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte):
            position -= 1
            try byNumber(digits: 3, radix: 8, most: 0x7F)
        default: throw problem("unknown escape in $'…'")
        }
    }

    /// A character by its number. By bytes only up to 7F: larger ones would be half of a UTF-8 character.
    private mutating func byNumber(digits: Int, radix: UInt32, most: UInt32) throws(Problem) {
        let start = position
        var number: UInt32 = 0
        var count = 0
        while count < digits, let next, let digit = Self.digit(next), digit < radix {
            number = number &* radix &+ digit
            count += 1
            position += 1
        }
        let bound = most == 0x7F ? "from 1 to 7F (hexadecimal)" : "of a character"
        guard count > 0, (1...most).contains(number), let scalar = Unicode.Scalar(number) else {
            throw Problem(byte: start, reason: "the number in $'…' must be one \(bound)")
        }
        // Line breaks and controls may be written so, for then a reader sees them; what hides or turns text may not.
        if number >= 0x80, let reason = Invisible.reason(scalar) { throw Problem(byte: start, reason: reason) }
        append(scalar)
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
