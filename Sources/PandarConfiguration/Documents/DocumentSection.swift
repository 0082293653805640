/// The members of a section. Members are taken one by one; `finish` complains of what nobody took.
public struct DocumentSection {
    public let node: DocumentNode
    private var rest: [(name: String, value: DocumentNode)]
    private var taken: [String] = []

    init(node: DocumentNode, members: [(String, DocumentNode)]) {
        self.node = node
        rest = members.map { (name: $0.0, value: $0.1) }
    }

    /// The member of that name, or `nil` when it is not there or empty.
    public mutating func take(_ name: String) -> DocumentNode? {
        taken.append(name)
        guard let index = rest.firstIndex(where: { $0.name == name }) else { return nil }
        let value = rest.remove(at: index).value
        return value.isEmpty ? nil : value
    }

    /// The member of that name; an error when it is missing.
    public mutating func require(_ name: String) throws(ConfigurationError) -> DocumentNode {
        guard let value = take(name) else { throw node.error("needs \(name)") }
        return value
    }

    /// All members that are left, in their order: for sections whose names are the user's own (ids, profiles).
    public mutating func takeAll() -> [(name: String, value: DocumentNode)] {
        defer { rest = [] }
        return rest
    }

    /// Must be called last.
    ///
    /// - Throws: `unknown_key` for the first member that was not taken, with the nearest name that would be known.
    public func finish() throws(ConfigurationError) {
        guard let first = rest.first else { return }
        let nearest = NearestName.of(first.name, in: taken).map { "; did you mean \($0)?" } ?? ""
        throw first.value.error("is not known\(nearest)", .unknownKey)
    }
}
