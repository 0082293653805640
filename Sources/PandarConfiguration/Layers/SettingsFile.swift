internal import Configuration
internal import Foundation
internal import Synchronization

/// The YAML file: its values and the names that stand in it.
struct SettingsFile {
    let path: String
    let snapshot: YAMLSnapshot?
    /// The dotted names of all values.
    let keys: [String]

    /// Reads the file.
    init(path: String) throws(ConfigurationError) {
        self.path = path
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError(
                .unreadableFile, "The configuration file \(path) cannot be read; check the path and who may read it.")
        }
        let isBlank = bytes.split(separator: UInt8(ascii: "\n")).allSatisfy { line in
            let first = line.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\r") }
            return first == nil || first == UInt8(ascii: "#")
        }
        guard !isBlank else {
            snapshot = nil
            keys = []
            return
        }
        // The snapshot does not tell its keys, but asks of each whether it is secret. All are marked as such: the
        // library then never shows a value.
        let seen = SeenKeys()
        do {
            snapshot = try YAMLSnapshot(
                data: Array(bytes).span.bytes, providerName: path,
                parsingOptions: .init(secretsSpecifier: .dynamic { key, _ in seen.insert(key) }))
        } catch {
            throw ConfigurationError(
                .notYAML, "The configuration file \(path) is not a YAML mapping: \(Self.firstLine("\(error)"))")
        }
        keys = seen.all
    }

    /// The value of `key` as text.
    func value(_ key: String) throws(ConfigurationError) -> String? {
        do {
            let components = key.split(separator: ".").map(String.init)
            return try snapshot?.value(forKey: AbsoluteConfigKey(components), type: .string).value?.content.text
        } catch {
            throw ConfigurationError(
                .invalidValue, key: key, "The setting \(key) in \(path) must be one value, not a list or a section.")
        }
    }

    private static func firstLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).prefix(2).joined(separator: " ")
    }
}

/// Collects names while the library reads the file.
private final class SeenKeys: Sendable {
    private let keys = Mutex<[String]>([])

    func insert(_ key: String) -> Bool {
        keys.withLock { $0.append(key) }
        return true
    }

    var all: [String] { keys.withLock { $0 } }
}

extension ConfigContent {
    /// The text of a string value.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
