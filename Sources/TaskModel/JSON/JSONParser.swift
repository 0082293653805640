/// Reads RFC 8259 JSON strictly: UTF-8 only, no trailing text, no duplicate members, bounded depth.
public struct JSONParser {
    /// Deepest nesting that is read. Records of Pandar need 8; the limit keeps hostile input off the stack.
    public static let maximumDepth = 128

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Reads one value that takes up all of `bytes`.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, JSONError> in
            var parser = JSONParser(buffer)
            do throws(JSONError) {
                return .success(try parser.document())
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Reads one value from text.
    public static func parse(_ text: String) throws(JSONError) -> JSONValue {
        try parse(Array(text.utf8))
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        skipSpace()
        guard position < bytes.count else { throw failure(.empty, "there is no JSON value") }
        let value = try self.value()
        skipSpace()
        guard position == bytes.count else { throw failure(.syntax, "text follows the JSON value") }
        return value
    }

    private func failure(_ code: JSONError.Code, _ message: String) -> JSONError {
        JSONError(code: code, offset: position, message: message)
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        guard position < bytes.count else { throw failure(.syntax, "the JSON value ends too early") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure(.syntax, "unexpected character")
        }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard position + text.utf8CodeUnitCount <= bytes.count else { throw failure(.syntax, "unexpected character") }
        for index in 0..<text.utf8CodeUnitCount where bytes[position + index] != text.utf8Start[index] {
            throw failure(.syntax, "unexpected character")
        }
        position += text.utf8CodeUnitCount
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw failure(.tooDeep, "values are nested deeper than \(Self.maximumDepth)")
        }
        position += 1
        skipSpace()
    }

    /// Steps over `,` (true) or the closing character (false).
    private mutating func next(orClose close: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        guard position < bytes.count else { throw failure(.syntax, "the JSON value ends too early") }
        let byte = bytes[position]
        guard byte == UInt8(ascii: ",") || byte == close else { throw failure(.syntax, "expected a comma") }
        position += 1
        if byte == close { depth -= 1 }
        return byte != close
    }

    private mutating func object() throws(JSONError) -> JSONObject {
        try enter()
        var members: [JSONObject.Member] = []
        if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
            position += 1
            depth -= 1
            return JSONObject()
        }
        members.reserveCapacity(8)
        var names = SeenNames()
        repeat {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw failure(.syntax, "expected a member name")
            }
            let start = position
            let name = try string()
            if names.holds(name, members) {
                throw JSONError(code: .duplicateMember, offset: start, message: "a member name stands twice")
            }
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
                throw failure(.syntax, "expected a colon")
            }
            position += 1
            skipSpace()
            members.append(.init(name: name, value: try value()))
        } while try next(orClose: UInt8(ascii: "}"))
        return JSONObject(members)
    }

    private mutating func array() throws(JSONError) -> [JSONValue] {
        try enter()
        if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
            position += 1
            depth -= 1
            return []
        }
        var elements: [JSONValue] = []
        repeat {
            skipSpace()
            elements.append(try value())
        } while try next(orClose: UInt8(ascii: "]"))
        return elements
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let digits = try skipDigits()
        if digits > 1, bytes[position - digits] == UInt8(ascii: "0") {
            throw failure(.syntax, "a number starts with 0")
        }
        var isWhole = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            _ = try skipDigits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            _ = try skipDigits()
        }
        if isWhole, digits <= 18, let number = small(start..<position) { return .integer(number) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let number = Int64(text), text != "-0" { return .integer(number) }
        return .decimal(text)
    }

    /// The whole number that stands in `range`, of at most 18 digits; `nil` for `-0`, which is kept as it is written.
    private func small(_ range: Range<Int>) -> Int64? {
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var number: Int64 = 0
        for index in range.dropFirst(isNegative ? 1 : 0) {
            number = number * 10 + Int64(bytes[index] - UInt8(ascii: "0"))
        }
        guard isNegative else { return number }
        return number == 0 ? nil : -number
    }

    private mutating func skipDigits() throws(JSONError) -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        guard position > start else { throw failure(.syntax, "expected a digit") }
        return position - start
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        var union: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            union |= byte
            switch byte {
            case UInt8(ascii: "\""):
                // ASCII needs no check, which would take longer than all the rest.
                let text = union < 0x80 ? ascii(start..<position) : try text(start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw failure(.syntax, "a control character stands in a string")
            default: position += 1
            }
        }
        throw failure(.syntax, "a string does not end")
    }

    private func ascii(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    private func text(_ range: Range<Int>) throws(JSONError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw JSONError(code: .invalidUTF8, offset: range.lowerBound, message: "a string is not UTF-8")
        }
        return text
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = try text(start..<position)
        var plain = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                text += try self.text(plain..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"):
                text += try self.text(plain..<position)
                text.unicodeScalars.append(try escape())
                plain = position
            case 0..<0x20: throw failure(.syntax, "a control character stands in a string")
            default: position += 1
            }
        }
        throw failure(.syntax, "a string does not end")
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard position + 1 < bytes.count else { throw failure(.syntax, "a string does not end") }
        let kind = bytes[position + 1]
        position += 2
        switch kind {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure(.syntax, "unknown escape in a string")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try hex4()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw failure(.loneSurrogate, "half of a surrogate pair stands alone") }
        position += 2
        let second = try hex4()
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw failure(.loneSurrogate, "half of a surrogate pair stands alone") }
        return scalar
    }

    private mutating func hex4() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count,
            let number = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
            bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
        else { throw failure(.syntax, "expected four hexadecimal digits") }
        position += 4
        return number
    }
}
