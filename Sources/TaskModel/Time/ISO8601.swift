extension Timestamp: CustomStringConvertible, LosslessStringConvertible {
    /// `2026-11-23T16:30:00.000Z`.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.longestText) { write(to: $0) }
    }

    /// More than any text of a time takes.
    static let longestText = 40

    /// Writes the text into `buffer`, which has room for the longest; how long it is.
    func write(to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let days = Int64((Double(milliseconds) / 86_400_000).rounded(.down))
        let time = milliseconds - days * 86_400_000
        let (year, month, day) = Self.civil(days: days)
        var end = Self.write(year, width: 4, "-", to: buffer, at: 0)
        end = Self.write(month, width: 2, "-", to: buffer, at: end)
        end = Self.write(day, width: 2, "T", to: buffer, at: end)
        end = Self.write(time / 3_600_000, width: 2, ":", to: buffer, at: end)
        end = Self.write(time / 60_000 % 60, width: 2, ":", to: buffer, at: end)
        end = Self.write(time / 1000 % 60, width: 2, ".", to: buffer, at: end)
        return Self.write(time % 1000, width: 3, "Z", to: buffer, at: end)
    }

    /// Reads ISO 8601 with any zone (`Z`, `+02:00`, `-0530`), seconds and fraction optional. A time without a zone,
    /// a day that does not exist or years outside 1970–9999 give `nil`.
    public init?(_ text: String) {
        var scanner = ISO8601Scanner(text)
        guard let milliseconds = scanner.scan() else { return nil }
        self.init(milliseconds: milliseconds)
    }

    /// Writes a number of at least `width` digits and a character behind it; where that ends. Snapshots hold four times
    /// and more, so no strings are made for the parts.
    private static func write(
        _ number: Int64, width: Int, _ separator: Unicode.Scalar, to buffer: UnsafeMutableBufferPointer<UInt8>,
        at start: Int
    ) -> Int {
        var rest = number.magnitude
        var position = start
        if number < 0 {
            buffer[position] = UInt8(ascii: "-")
            position += 1
        }
        var count = 1
        var limit: UInt64 = 10
        while count < width || rest >= limit {
            count += 1
            limit *= 10
        }
        for index in (position..<position + count).reversed() {
            buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        buffer[position + count] = UInt8(ascii: separator)
        return position + count + 1
    }

    /// Days since 1970-01-01 to a date, after Howard Hinnant's `civil_from_days`.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

/// Reads the parts of an ISO 8601 time.
private struct ISO8601Scanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func scan() -> Int64? {
        guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2),
            skip("T") || skip("t") || skip(" "), let hour = digits(2), skip(":"), let minute = digits(2)
        else { return nil }
        var second: Int64 = 0
        var fraction: Int64 = 0
        if skip(":") {
            guard let scanned = digits(2) else { return nil }
            second = scanned
            if skip(".") || skip(",") {
                guard let scanned = milliseconds() else { return nil }
                fraction = scanned
            }
        }
        guard let zone = zoneMinutes(), position == bytes.count, (1970...9999).contains(year),
            (1...12).contains(month), (1...Self.length(of: month, in: year)).contains(day), hour < 24, minute < 60,
            second < 60
        else { return nil }
        let minutes = Self.days(year, month, day) * 1440 + hour * 60 + minute - zone
        return (minutes * 60 + second) * 1000 + fraction
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func digits(_ count: Int) -> Int64? {
        guard position + count <= bytes.count else { return nil }
        var number: Int64 = 0
        for byte in bytes[position..<position + count] {
            guard (0x30...0x39).contains(byte) else { return nil }
            number = number * 10 + Int64(byte - 0x30)
        }
        position += count
        return number
    }

    /// A fraction of a second of 1–9 digits; what is finer than a millisecond is cut off.
    private mutating func milliseconds() -> Int64? {
        let start = position
        var number: Int64 = 0
        var scale: Int64 = 100
        while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
            number += Int64(bytes[position] - 0x30) * scale
            scale /= 10
            position += 1
        }
        return (1...9).contains(position - start) ? number : nil
    }

    private mutating func zoneMinutes() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"), let hours = digits(2) else { return nil }
        _ = skip(":")
        guard let minutes = digits(2), hours < 24, minutes < 60 else { return nil }
        return (isEast ? 1 : -1) * (hours * 60 + minutes)
    }

    private static func length(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// A date to days since 1970-01-01, after Howard Hinnant's `days_from_civil`.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
