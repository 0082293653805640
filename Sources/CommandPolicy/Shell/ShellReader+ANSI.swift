/// `$'…'`, which can spell any word.
extension ShellReader {
    /// The current byte is the opening quote; ends on the closing one.
    mutating func readANSIQuotes() {
        isInWord = true
        place += 1
        while let byte = current, byte != UInt8(ascii: "'") {
            if byte == UInt8(ascii: "\\") { readANSIEscape() } else { word.append(byte) }
            place += 1
        }
        if current == nil { text.isComplete = false }
    }

    private mutating func readANSIEscape() {
        place += 1
        switch current {
        case UInt8(ascii: "n"): word.append(0x0A)
        case UInt8(ascii: "t"): word.append(0x09)
        case UInt8(ascii: "x"): takeNumber(radix: 16, most: 2)
        case UInt8(ascii: "u"): takeNumber(radix: 16, most: 4)
        case UInt8(ascii: "U"): takeNumber(radix: 16, most: 8)
        case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(byte):
            place -= 1
            takeNumber(radix: 8, most: 3)
        case let byte?: word.append(byte)
        case nil: break
        }
    }

    private mutating func takeNumber(radix: UInt32, most: Int) {
        var number: UInt32 = 0
        var count = 0
        while count < most, let byte = peek(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
            digit < Int(radix)
        {
            number = number &* radix &+ UInt32(digit)
            count += 1
            place += 1
        }
        if let scalar = Unicode.Scalar(number), let encoded = UTF8.encode(scalar) {
            word.append(contentsOf: encoded)
        } else {
            isDynamic = true
        }
    }
}
