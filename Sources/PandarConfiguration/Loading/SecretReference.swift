internal import Foundation

/// A value that stands elsewhere: `file:/path` or `env:NAME`.
enum SecretReference {
    /// The value that `text` means. White space at the end of a file is dropped, as editors add it.
    static func resolve(
        _ text: String, key: String, environment: [String: String]
    ) throws(ConfigurationError) -> String {
        if text.hasPrefix("file:") {
            let path = String(text.dropFirst("file:".count))
            guard let bytes = FileManager.default.contents(atPath: path),
                let content = String(validating: bytes, as: UTF8.self)
            else {
                throw ConfigurationError(
                    .unreadableSecret, key: key,
                    "The file \(path) of the setting \(key) cannot be read; check the path and who may read it.")
            }
            return content.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        if text.hasPrefix("env:") {
            let name = String(text.dropFirst("env:".count))
            guard let value = environment[name] else {
                throw ConfigurationError(
                    .unreadableSecret, key: key,
                    "The environment variable \(name) of the setting \(key) is not set.")
            }
            return value
        }
        return text
    }
}
