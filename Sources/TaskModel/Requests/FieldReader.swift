/// Takes known fields out of a JSON object with the contract's checks; what remains is unknown and kept.
///
/// A field that is `null` counts as absent, as most producers' serializers write it.
struct FieldReader {
    private let members: [JSONObject.Member]
    /// Of each member, whether it was taken.
    private var isTaken: [Bool]
    /// Where the next member is looked for first: most records have their fields in the order in which they are read.
    private var next = 0
    private let path: String

    init(_ object: JSONObject, path: String = "") {
        members = object.members
        isTaken = [Bool](repeating: false, count: members.count)
        self.path = path
    }

    /// The members that nobody took.
    var rest: [JSONObject.Member] { members.indices.filter { !isTaken[$0] }.map { members[$0] } }

    mutating func take(_ name: String) -> JSONValue? {
        guard let index = index(of: name), !isTaken[index] else { return nil }
        isTaken[index] = true
        next = index + 1
        if case .null = members[index].value { return nil }
        return members[index].value
    }

    /// A number of seconds as milliseconds; what no clock could have measured is taken as not told.
    mutating func takeSeconds(_ name: String) -> Int64? {
        guard let seconds = take(name)?.doubleValue, abs(seconds) < 1e15 else { return nil }
        return Int64((seconds * 1000).rounded())
    }

    /// The texts of a list that Pandar wrote itself; what is none is passed over.
    mutating func takeTexts(_ name: String) -> [String] {
        take(name)?.arrayValue?.compactMap(\.stringValue) ?? []
    }

    private func index(of name: String) -> Int? {
        for index in next..<members.count where members[index].name == name { return index }
        for index in 0..<next where members[index].name == name { return index }
        return nil
    }

    func missing(_ name: String) -> ContractViolation {
        ContractViolation(.missingField, field: path + name, "The field \(path)\(name) is required.")
    }

    func wrongType(_ name: String, _ value: JSONValue, _ expected: String) -> ContractViolation {
        ContractViolation(
            .wrongType, field: path + name, "The field \(path)\(name) must be \(expected), but is \(value.kind).")
    }

    mutating func string(_ name: String) throws(ContractViolation) -> String? {
        guard let value = take(name) else { return nil }
        guard let text = value.stringValue else { throw wrongType(name, value, "a string") }
        return text
    }

    /// Text of `limits` characters (Unicode scalars), trimmed first when `trimmed`.
    mutating func text(
        _ name: String, _ limits: ClosedRange<Int>, trimmed: Bool = false
    ) throws(ContractViolation) -> String? {
        guard var text = try string(name) else { return nil }
        if trimmed { text = text.trimmed() }
        guard text.hasScalars(limits) else {
            throw ContractViolation(
                .outOfRange, field: path + name,
                "The field \(path)\(name) must have \(limits.lowerBound) to \(limits.upperBound) characters, "
                    + "but has \(text.unicodeScalars.count).")
        }
        guard !text.utf8.contains(0) else {
            throw ContractViolation(
                .invalidValue, field: path + name, "The field \(path)\(name) must not contain NUL characters.")
        }
        return text
    }

    mutating func integer(_ name: String, _ limits: ClosedRange<Int64>) throws(ContractViolation) -> Int64? {
        guard let value = take(name) else { return nil }
        if case .decimal = value {
            throw ContractViolation(
                .outOfRange, field: path + name,
                "The field \(path)\(name) must be a whole number from \(limits.lowerBound) to \(limits.upperBound).")
        }
        guard let number = value.integerValue else { throw wrongType(name, value, "an integer") }
        guard limits.contains(number) else {
            throw ContractViolation(
                .outOfRange, field: path + name,
                "The field \(path)\(name) must be from \(limits.lowerBound) to \(limits.upperBound), but is \(number).")
        }
        return number
    }

    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Choice.Type, reason: ContractViolation.Reason = .invalidValue
    ) throws(ContractViolation) -> Choice? where Choice.RawValue == String {
        guard let text = try string(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ContractViolation(reason, field: path + name, "The field \(path)\(name) must be one of: \(allowed).")
        }
        return choice
    }

    mutating func time(_ name: String) throws(ContractViolation) -> Timestamp? {
        guard let text = try string(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw ContractViolation(
                .invalidTime, field: path + name,
                "The field \(path)\(name) must be an ISO 8601 time with a zone, such as 2026-11-23T16:30:00.000Z.")
        }
        return time
    }

    mutating func taskID(_ name: String) throws(ContractViolation) -> TaskID? {
        guard let text = try string(name) else { return nil }
        guard let id = TaskID(text) else {
            throw ContractViolation(
                .invalidTaskID, field: path + name,
                "The field \(path)\(name) must have 1 to 128 characters of A-Z, a-z, 0-9 and . _ : -")
        }
        return id
    }

    /// A list of at most `count` texts of 1 to `length` characters.
    mutating func texts(_ name: String, count: Int, length: Int) throws(ContractViolation) -> [String] {
        guard let value = take(name) else { return [] }
        guard let elements = value.arrayValue else { throw wrongType(name, value, "an array of strings") }
        guard elements.count <= count else {
            throw ContractViolation(
                .outOfRange, field: path + name, "The field \(path)\(name) must have at most \(count) elements.")
        }
        var texts: [String] = []
        for element in elements {
            guard let text = element.stringValue else { throw wrongType(name, element, "an array of strings") }
            guard text.hasScalars(1...length), !text.utf8.contains(0) else {
                throw ContractViolation(
                    .outOfRange, field: path + name,
                    "Each element of \(path)\(name) must have 1 to \(length) characters and no NUL.")
            }
            texts.append(text)
        }
        return texts
    }

    mutating func object(_ name: String) throws(ContractViolation) -> JSONObject? {
        guard let value = take(name) else { return nil }
        guard let object = value.objectValue else { throw wrongType(name, value, "an object") }
        return object
    }
}

extension String {
    /// Whether there are so many Unicode scalars. They are counted only where the bytes leave it open.
    func hasScalars(_ limits: ClosedRange<Int>) -> Bool {
        let bytes = utf8.count
        if bytes <= limits.upperBound, limits.lowerBound == 0 || (limits.lowerBound == 1 && bytes > 0) { return true }
        return bytes >= limits.lowerBound && limits.contains(unicodeScalars.count)
    }

    /// The first `limit` Unicode scalars. Characters are no bound: one alone can have any number of scalars.
    public func prefix(scalars limit: Int) -> String {
        hasScalars(0...limit) ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))
    }

    /// Without white space (Unicode's) at both ends.
    public func trimmed() -> String {
        // Visible ASCII at both ends is the common case, and looking Unicode's properties up is slow.
        let visible: ClosedRange<UInt8> = 0x21...0x7E
        if let first = utf8.first, let last = utf8.last, visible.contains(first), visible.contains(last) { return self }
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return first == startIndex && last == index(before: endIndex) ? self : String(self[first...last])
    }
}
