/// Characters that a reader of a command would not see as they are, so that what he approves is not what runs.
enum Invisible {
    /// Why the character of `bytes` at `range` is refused; `nil` if it is not. `bytes` are valid UTF-8.
    static func reason(_ bytes: [UInt8], _ range: Range<Int>) -> String? {
        var decoder = UTF8()
        var iterator = bytes[range].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        switch scalar.value {
        case 0x200C, 0x200D:
            // Joiners belong to scripts and to emoji, but between Latin letters they only hide a word.
            let isBesideASCII =
                range.lowerBound == 0 || bytes[range.lowerBound - 1] < 0x80 || range.upperBound >= bytes.count
                || bytes[range.upperBound] < 0x80
            return isBesideASCII ? invisible(scalar) : nil
        case 0xFE00...0xFE0F:
            guard range.lowerBound > 0, bytes[range.lowerBound - 1] < 0x80 else { return nil }
            return "0123456789#*".utf8.contains(bytes[range.lowerBound - 1]) ? nil : invisible(scalar)
        default: return reason(scalar)
        }
    }

    static func reason(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x09: nil
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029:
            "a line break stands in the command; write it on one line, or as $'\\n'"
        case 0..<0x20, 0x7F..<0xA0: "a control character (\(code(scalar))) stands in the command"
        case 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C:
            "a character that changes the direction of text (\(code(scalar))) stands in the command"
        case 0xAD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180F, 0x200B, 0x2060...0x2065, 0x206A...0x206F,
            0x2800, 0x3164, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
            invisible(scalar)
        default: nil
        }
    }

    private static func invisible(_ scalar: Unicode.Scalar) -> String {
        "an invisible character (\(code(scalar))) stands in the command; remove it"
    }

    private static func code(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
