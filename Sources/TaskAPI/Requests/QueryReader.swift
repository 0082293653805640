internal import TaskModel

/// Takes parameters out of a query string, with the checks that their names promise. Parameters that nobody takes are
/// ignored, as unknown fields are everywhere in the contract.
struct QueryReader {
    private let values: [String: String]

    /// - Throws: a ``Problem`` when the query is not percent-encoded UTF-8, or names a parameter twice.
    init(_ query: String?) throws(Problem) {
        var values: [String: String] = [:]
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentEncoding.decoded(parts[0], plusIsSpace: true) else {
                throw Problem(.invalidParameter, "The name of a parameter is not percent-encoded UTF-8.")
            }
            guard let value = PercentEncoding.decoded(parts.count > 1 ? parts[1] : "", plusIsSpace: true) else {
                throw .invalid(name, "is not percent-encoded UTF-8")
            }
            guard values.updateValue(value, forKey: name) == nil else { throw .invalid(name, "must stand only once") }
        }
        self.values = values
    }

    /// Text of at most `limit` characters; an empty one counts as absent, as forms send it.
    func text(_ name: String, limit: Int) throws(Problem) -> String? {
        guard let text = values[name], !text.isEmpty else { return nil }
        guard text.unicodeScalars.count <= limit else { throw .invalid(name, "must have at most \(limit) characters") }
        guard !text.utf8.contains(0) else { throw .invalid(name, "must not contain NUL characters") }
        return text
    }

    func integer(_ name: String, _ limits: ClosedRange<Int64>) throws(Problem) -> Int64? {
        guard let text = values[name], !text.isEmpty else { return nil }
        guard let number = Int64(text), limits.contains(number) else {
            let bound =
                limits.upperBound == .max
                ? "of at least \(limits.lowerBound)" : "from \(limits.lowerBound) to \(limits.upperBound)"
            throw .invalid(name, "must be a whole number \(bound)")
        }
        return number
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(Problem) -> Choice? where Choice.RawValue == String {
        guard let text = values[name], !text.isEmpty else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw .invalid(name, "must be one of: \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    func time(_ name: String) throws(Problem) -> Timestamp? {
        guard let text = values[name], !text.isEmpty else { return nil }
        guard let time = Timestamp(text) else {
            throw .invalid(name, "must be an ISO 8601 time with a zone, such as 2026-11-23T16:30:00.000Z")
        }
        return time
    }
}
