/// The member names of an object that were read so far, to find one that stands twice.
struct SeenNames {
    /// A bit for the hash of each name: a name whose bit is not set is new, which is the common case.
    private var bits: UInt64 = 0
    /// Kept only of large objects, where a linear look at each name would take quadratic time.
    private var names: Set<String>?

    private static let linearLimit = 48

    /// Takes `name` in. Whether it is among `members`.
    mutating func holds(_ name: String, _ members: [JSONObject.Member]) -> Bool {
        guard members.count >= Self.linearLimit else {
            let bit = Self.bit(of: name)
            defer { bits |= bit }
            return bits & bit != 0 && members.contains { $0.name == name }
        }
        var names = self.names ?? Set(members.map(\.name))
        self.names = nil
        defer { self.names = names }
        return !names.insert(name).inserted
    }

    /// Equal names have equal bits. Strings that differ in bytes can be equal only if they are not ASCII: those have all.
    private static func bit(of name: String) -> UInt64 {
        var hash: UInt32 = 0
        var union: UInt8 = 0
        for byte in name.utf8 {
            hash = hash &* 31 &+ UInt32(byte)
            union |= byte
        }
        return union < 0x80 ? 1 << UInt64((hash ^ hash >> 6) & 63) : .max
    }
}
