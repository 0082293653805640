/// Text as fragments are looked for in it: small letters, one kind of space and of hyphen, and letters that only look
/// like Latin ones as those. Bytes of everything else stay.
enum FragmentText {
    static func normal(_ words: [CommandWord]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.reduce(0) { $0 + $1.bytes.count + 1 })
        for (index, word) in words.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: " ")) }
            append(word.bytes, to: &bytes)
        }
        return bytes
    }

    /// Without quotes and backslashes, as a shell would take `s\u"do"`; `nil` if there are none.
    static func withoutQuotes(_ text: [UInt8]) -> [UInt8]? {
        text.contains(where: isQuote) ? text.filter { !isQuote($0) } : nil
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
            || byte == UInt8(ascii: "`")
    }

    private static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        var place = 0
        while place < text.count {
            let byte = text[place]
            switch byte {
            case 0..<0x20: bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "$") where isFieldSeparator(text, place):
                bytes.append(UInt8(ascii: " "))
                place += text[place + 1] == UInt8(ascii: "{") ? 5 : 3
            case 0x20..<0x80: bytes.append(ASCII.lowercased(byte))
            default: place += appendScalar(text, place, to: &bytes) - 1
            }
            place += 1
        }
    }

    /// `$IFS` or `${IFS}`, which stand for a space in a shell.
    private static func isFieldSeparator(_ text: [UInt8], _ place: Int) -> Bool {
        let rest = text[place...]
        return rest.starts(with: "$IFS".utf8) || rest.starts(with: "${IFS}".utf8)
    }

    /// Takes one character that is not ASCII, and returns its length in bytes.
    private static func appendScalar(_ text: [UInt8], _ place: Int, to bytes: inout [UInt8]) -> Int {
        let length = text[place] < 0xE0 ? 2 : text[place] < 0xF0 ? 3 : 4
        let end = min(place + length, text.count)
        var decoder = UTF8()
        var iterator = text[place..<end].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
            bytes.append(text[place])
            return 1
        }
        if let latin = LookAlikes.ascii(scalar) {
            if latin != 0 { bytes.append(ASCII.lowercased(latin)) }
        } else {
            bytes.append(contentsOf: text[place..<end])
        }
        return end - place
    }
}
