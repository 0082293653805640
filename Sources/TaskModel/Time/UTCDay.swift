/// A day of the calendar in UTC.
public struct UTCDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public var number: Int64

    private static let milliseconds: Int64 = 86_400_000

    public init(number: Int64) {
        self.number = number
    }

    /// The day of a moment.
    public init(_ moment: Timestamp) {
        let (days, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: Self.milliseconds)
        number = rest < 0 ? days - 1 : days
    }

    public static func < (left: UTCDay, right: UTCDay) -> Bool { left.number < right.number }

    /// The day so many days later; earlier where `days` is negative.
    public func adding(days: Int64) -> UTCDay { UTCDay(number: number.addingReportingOverflow(days).partialValue) }

    /// `2026-11-23`.
    public var description: String {
        let (start, isTooFar) = number.multipliedReportingOverflow(by: Self.milliseconds)
        return String(Timestamp(milliseconds: isTooFar ? 0 : start).description.prefix { $0 != "T" })
    }
}
