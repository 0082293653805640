/// The name of a task: 1–128 characters of `[A-Za-z0-9._:-]`, but for `__owner`, the key of ownership records.
public struct TaskID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let text: String

    /// `nil` when `text` breaks the rule above.
    public init?(_ text: String) {
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed),
            text != OwnershipRecord.key
        else { return nil }
        self.text = text
    }

    private init(unchecked text: String) {
        self.text = text
    }

    public var description: String { text }

    public static func < (left: TaskID, right: TaskID) -> Bool { left.text < right.text }

    /// The id of a request that brought none: a UUIDv5 of `topic/partition/offset`, so that a redelivered request gets
    /// the same id. `counter` 0, 1, 2, … gives further candidates; the engine takes the first whose home is the
    /// partition that the request arrived on.
    public static func derived(topic: String, partition: Int32, offset: Int64, counter: Int) -> TaskID {
        let suffix = counter == 0 ? "" : "/\(counter)"
        return TaskID(unchecked: UUIDv5.text(namespace: .pandar, name: "\(topic)/\(partition)/\(offset)\(suffix)"))
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
