import TaskModel

/// An answer of the cache, read again.
struct JSONText {
    struct NoObject: Error {}

    let object: JSONObject

    init(_ bytes: [UInt8]) throws {
        guard let object = try JSONParser.parse(bytes).objectValue else { throw NoObject() }
        self.object = object
    }

    subscript(name: String) -> JSONValue? { object[name] }

    func integer(_ name: String) -> Int64 { object[name]?.integerValue ?? -1 }

    func number(_ name: String) -> Double { object[name]?.doubleValue ?? -1 }

    /// The ids of a page.
    var ids: [String] {
        object["items"]?.arrayValue?.compactMap { $0.objectValue?["task_id"]?.stringValue } ?? []
    }

    /// Numbers by name.
    func counts(_ name: String) -> [String: Int64] {
        Self.counts(object[name]?.objectValue)
    }

    /// Numbers by two names.
    func groups(_ name: String) -> [String: [String: Int64]] {
        var groups: [String: [String: Int64]] = [:]
        for member in object[name]?.objectValue?.members ?? [] {
            groups[member.name] = Self.counts(member.value.objectValue)
        }
        return groups
    }

    private static func counts(_ object: JSONObject?) -> [String: Int64] {
        var counts: [String: Int64] = [:]
        for member in object?.members ?? [] { counts[member.name] = member.value.integerValue }
        return counts
    }
}
