/// How a secret may look in what a task prints.
enum SecretEncodings {
    /// As they stand: the value, its lines, percent-encoded, as in a JSON string, and as in JSON within JSON.
    static func exact(_ value: [UInt8]) -> Set<[UInt8]> {
        var patterns: Set<[UInt8]> = [value]
        patterns.formUnion(lines(value))
        for form in patterns {
            patterns.insert(percent(form, digits: upperDigits, space: nil))
            patterns.insert(percent(form, digits: lowerDigits, space: nil))
            patterns.insert(percent(form, digits: upperDigits, space: UInt8(ascii: "+")))
            let once = Set(JSONEscapes.all.map { json(form, $0) })
            patterns.formUnion(once)
            for text in once { patterns.formUnion(JSONEscapes.all.map { json(text, $0) }) }
        }
        return patterns
    }

    /// Those that programs break into lines or groups: Base64 as it may stand in a longer text, and hexadecimal.
    static func broken(_ value: [UInt8]) -> Set<[UInt8]> {
        var patterns: Set<[UInt8]> = []
        for form in [value] + lines(value) {
            for alignment in 0..<3 {
                for standard in base64(form, alignment: alignment) {
                    patterns.insert(standard)
                    patterns.insert(
                        standard.map { $0 == UInt8(ascii: "+") ? 0x2D : $0 == UInt8(ascii: "/") ? 0x5F : $0 })
                }
            }
            for digits in [lowerDigits, upperDigits] {
                patterns.insert(form.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
            }
        }
        return patterns
    }

    /// Of a value of several lines those that tell something: keys are often printed indented.
    private static func lines(_ value: [UInt8]) -> [[UInt8]] {
        guard value.contains(10) else { return [] }
        let header = Array("-----".utf8)
        return value.split { $0 == 10 || $0 == 13 }.map { Array($0) }
            .filter { $0.count >= shortestLine && !$0.starts(with: header) }
    }

    private static let shortestLine = 16

    /// The characters that the value alone decides when `alignment` bytes of something else stand before it, modulo 3:
    /// within a longer text, and at its end, with padding or without. At most one character on either side of it mixes
    /// up to 4 bits of it with others.
    private static func base64(_ value: [UInt8], alignment: Int) -> [[UInt8]] {
        var characters: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in [UInt8](repeating: 0, count: alignment) + value {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            count += 8
            while count >= 6 {
                count -= 6
                characters.append(alphabet[bits >> count & 63])
            }
        }
        characters.removeFirst((alignment * 8 + 5) / 6)
        if count == 0 { return [characters] }
        let last = characters + [alphabet[bits << (6 - count) & 63]]
        return [characters, last, last + [UInt8](repeating: UInt8(ascii: "="), count: (6 - count) / 2)]
    }

    private static func percent(_ value: [UInt8], digits: [UInt8], space: UInt8?) -> [UInt8] {
        value.flatMap { byte -> [UInt8] in
            if unreserved.contains(byte) { return [byte] }
            if byte == 0x20, let space { return [space] }
            return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    /// What writers of JSON do differently.
    private struct JSONEscapes {
        let slash: Bool
        /// `<`, `>` and `&`, as Go does.
        let markup: Bool
        /// What is not ASCII, as Python does.
        let text: Bool
        let digits: [UInt8]

        static let all: [JSONEscapes] = (0..<16).map { bits in
            JSONEscapes(
                slash: bits & 1 != 0, markup: bits & 2 != 0, text: bits & 4 != 0,
                digits: bits & 8 != 0 ? upperDigits : lowerDigits)
        }

        func escape(_ unit: UInt16) -> [UInt8] {
            Array("\\u".utf8) + stride(from: 12, through: 0, by: -4).map { digits[Int(unit >> UInt16($0) & 15)] }
        }
    }

    private static func json(_ value: [UInt8], _ escapes: JSONEscapes) -> [UInt8] {
        return String(decoding: value, as: UTF8.self).unicodeScalars.flatMap { scalar -> [UInt8] in
            switch scalar {
            case "\"": Array("\\\"".utf8)
            case "\\": Array("\\\\".utf8)
            case "/" where escapes.slash: Array("\\/".utf8)
            case "\n": Array("\\n".utf8)
            case "\r": Array("\\r".utf8)
            case "\t": Array("\\t".utf8)
            case "<" where escapes.markup, ">" where escapes.markup, "&" where escapes.markup:
                escapes.escape(UInt16(scalar.value))
            case _ where scalar.value < 0x20: escapes.escape(UInt16(scalar.value))
            case _ where scalar.value > 0x7E && escapes.text:
                UTF16.encode(scalar).map { $0.flatMap(escapes.escape) } ?? []
            default: Array(String(scalar).utf8)
            }
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let upperDigits = Array("0123456789ABCDEF".utf8)
    private static let lowerDigits = Array("0123456789abcdef".utf8)
    private static let unreserved = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
}
