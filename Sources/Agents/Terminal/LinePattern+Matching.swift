extension LinePattern {
    /// Bytes of a line that are looked at; what stands beyond is not seen.
    static let lineLimit = 4096

    /// What the line gives for the places; `nil` where it does not fit.
    ///
    /// In time that grows with the line's length alone: the parts between two places of any text are looked for one after
    /// the other, each at the first place where it fits, and nothing is tried twice.
    func match(_ line: some Collection<UInt8>) -> Match? {
        let line = Array(line.prefix(Self.lineLimit))
        var match = Match()
        var at = 0
        var part = 0
        while part < parts.count {
            let text = parts[part].isText ? parts[part] : nil
            if text != nil { part += 1 }
            let end = parts[part...].firstIndex { $0.isText } ?? parts.count
            let begin = at
            guard part < end else {
                // Text at the very end: all that is left.
                if text == .step { match.step = Self.text(line[begin...]) }
                break
            }
            guard let found = Self.first(parts[part..<end], in: line, from: at, &match) else { return nil }
            if text == .step { match.step = Self.text(line[begin..<found.lowerBound]) }
            at = found.upperBound
            part = end
        }
        return match
    }

    /// The first place where parts without any text fit.
    private static func first(
        _ parts: ArraySlice<Part>, in line: [UInt8], from start: Int, _ match: inout Match
    ) -> Range<Int>? {
        guard start <= line.count else { return nil }
        for at in start...line.count {
            // A number is a whole one: not the end of a longer one.
            if parts.first?.isLiteral == false, at > 0, isDigit(line[at - 1]) || line[at - 1] == UInt8(ascii: ".") {
                continue
            }
            var tried = match
            if let end = fits(parts, line, at, &tried) {
                match = tried
                return at..<end
            }
        }
        return nil
    }

    private static func fits(_ parts: ArraySlice<Part>, _ line: [UInt8], _ at: Int, _ match: inout Match) -> Int? {
        var at = at
        for part in parts {
            switch part {
            case .literal(let bytes):
                guard line[at...].starts(with: bytes) else { return nil }
                at += bytes.count
            case .done, .total:
                guard let (number, end) = whole(line, at) else { return nil }
                if part == .done { match.done = number } else { match.total = number }
                at = end
            case .percent:
                guard let (number, end) = whole(line, at), number <= 100 else { return nil }
                match.percent = number
                at = end
                if end + 1 < line.count, line[end] == UInt8(ascii: "."), let decimals = whole(line, end + 1) {
                    guard number < 100 || decimals.number == 0 else { return nil }
                    at = decimals.end
                }
            case .step, .any: return nil
            }
        }
        return at
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// A whole number of at most nine digits.
    private static func whole(_ line: [UInt8], _ start: Int) -> (number: Int, end: Int)? {
        let digits = line[start...].prefix(while: isDigit)
        guard (1...9).contains(digits.count) else { return nil }
        return (digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }, digits.endIndex)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        var rest = bytes.drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self)
    }
}
