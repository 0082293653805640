internal import Foundation
internal import Yams

/// A YAML file whose structure is more than settings: rules, projects, profiles. Read strictly: a name that nobody knows
/// is an error, for a misspelt rule would silently not hold.
public struct ConfigurationDocument {
    public let root: DocumentNode

    /// Reads the file.
    ///
    /// - Throws: `unreadable_file` or `not_yaml`.
    public init(path: String) throws(ConfigurationError) {
        guard let bytes = FileManager.default.contents(atPath: path), let text = String(data: bytes, encoding: .utf8)
        else {
            throw ConfigurationError(
                .unreadableFile, "The configuration file \(path) cannot be read; check the path and who may read it.")
        }
        try self.init(text: text, name: path)
    }

    /// Reads YAML from memory; `name` stands for the file in errors.
    public init(text: String, name: String) throws(ConfigurationError) {
        do {
            let node = try Yams.compose(yaml: text) ?? Node.mapping(Node.Mapping([]))
            root = DocumentNode(node: node, path: "", file: name)
        } catch {
            let sentence = "\(error)".split(whereSeparator: \.isNewline).prefix(2).joined(separator: " ")
            throw ConfigurationError(.notYAML, "The configuration file \(name) is not YAML: \(sentence)")
        }
    }
}

/// One value of a document, which knows its place for errors.
public struct DocumentNode {
    let node: Node
    /// The dotted name from the root; empty for the root.
    public let path: String
    public let file: String

    /// An error about this value: `FILE:LINE: PATH REASON`.
    public func error(_ reason: String, _ code: ConfigurationError.Code = .invalidValue) -> ConfigurationError {
        let line = node.mark.map { ":\($0.line)" } ?? ""
        let subject = path.isEmpty ? "the file" : path
        return ConfigurationError(code, key: path.isEmpty ? nil : path, "\(file)\(line): \(subject) \(reason)")
    }

    /// Nothing stands behind the name.
    public var isEmpty: Bool {
        if case .scalar(let scalar) = node { scalar.string.isEmpty && scalar.style == .plain } else { false }
    }

    /// Text, also of a number or a truth value as it is written.
    public func text() throws(ConfigurationError) -> String {
        guard case .scalar(let scalar) = node else { throw error("must be one value, not a list or a section") }
        return scalar.string
    }

    /// A whole number within `range`; `_` may group digits.
    public func integer(_ range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        let text = try text()
        guard let number = Int(text.filter { $0 != "_" }), range.contains(number) else {
            throw error("must be a whole number from \(range.lowerBound) to \(range.upperBound), but is \"\(text)\"")
        }
        return number
    }

    /// A truth value.
    public func flag() throws(ConfigurationError) -> Bool {
        let text = try text()
        switch text.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default: throw error("must be true or false, but is \"\(text)\"")
        }
    }

    /// One of the cases, by its name in files.
    public func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ type: Choice.Type
    ) throws(ConfigurationError) -> Choice {
        let text = try text()
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("must be one of: \(allowed); but is \"\(text)\"")
        }
        return choice
    }

    /// The values of a list; one value alone stands for a list of one.
    public func list() throws(ConfigurationError) -> [DocumentNode] {
        switch node {
        case .sequence(let sequence):
            sequence.enumerated().map { DocumentNode(node: $1, path: "\(path)[\($0)]", file: file) }
        case .scalar: [self]
        default: throw error("must be a list")
        }
    }

    /// The values of a list of at most so many, each as `read` makes it.
    func list<Value>(
        limit: Int, _ read: (DocumentNode) throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> [Value] {
        var values: [Value] = []
        for node in try list() {
            guard values.count < limit else { throw node.error("is one too many; there can be \(limit)") }
            values.append(try read(node))
        }
        return values
    }

    /// Texts of a list.
    public func texts() throws(ConfigurationError) -> [String] {
        var texts: [String] = []
        for node in try list() { texts.append(try node.text()) }
        return texts
    }

    /// The members of a section, in their order; a name that stands twice is an error.
    public func section() throws(ConfigurationError) -> DocumentSection {
        guard case .mapping(let mapping) = node else { throw error("must be a section of NAME: VALUE lines") }
        var members: [(String, DocumentNode)] = []
        for (key, value) in mapping {
            guard case .scalar(let name) = key else { throw error("has a name that is not text") }
            let place = path.isEmpty ? name.string : "\(path).\(name.string)"
            let node = DocumentNode(node: value, path: place, file: file)
            guard !members.contains(where: { $0.0 == name.string }) else { throw node.error("stands twice") }
            members.append((name.string, node))
        }
        return DocumentSection(node: self, members: members)
    }
}
