/// What a new owner writes into its partition of the status topic, under the key `__owner`. Its echo is the barrier.
public struct OwnershipRecord: Hashable, Sendable {
    /// The record's key.
    public static let key = "__owner"

    public let owner: String
    public let incarnation: String
    public let epoch: Int64
    /// How many partitions the deployment has; a change is refused.
    public let partitions: Int32
    public let takenAt: Timestamp

    public init(owner: String, incarnation: String, epoch: Int64, partitions: Int32, takenAt: Timestamp) {
        self.owner = owner
        self.incarnation = incarnation
        self.epoch = epoch
        self.partitions = partitions
        self.takenAt = takenAt
    }

    /// The record's value.
    public var json: [UInt8] {
        var writer = JSONWriter(capacity: 160)
        writer.object {
            $0.name("owner")
            $0.string(owner)
            $0.name("incarnation")
            $0.string(incarnation)
            $0.name("epoch")
            $0.integer(epoch)
            $0.name("partitions")
            $0.integer(partitions)
            $0.optional("taken_at", takenAt)
        }
        return writer.bytes
    }

    /// Reads the record's value.
    public init(json: [UInt8]) throws(ContractViolation) {
        var fields = FieldReader(try JSONValue.contract(json).objectValue ?? JSONObject())
        self.init(
            owner: try fields.string("owner") ?? "", incarnation: try fields.string("incarnation") ?? "",
            epoch: try fields.integer("epoch", 0...Int64.max) ?? 0,
            partitions: Int32(try fields.integer("partitions", 1...Int64(Int32.max)) ?? 1),
            takenAt: try fields.time("taken_at") ?? Timestamp(milliseconds: 0))
    }
}
