public import Foundation

/// Where a secret stands. Never the secret itself: this may be shown.
public enum SecretSource: Hashable, Sendable, CustomStringConvertible {
    /// The content of a file, without white space at its end.
    case file(String)
    /// A variable of the service's own environment.
    case environment(String)

    /// `file:/path` or `env:NAME`; `nil` for anything else.
    public init?(_ text: String) {
        if text.hasPrefix("file:/") {
            self = .file(String(text.dropFirst("file:".count)))
        } else if text.hasPrefix("env:"), text.count > 4 {
            self = .environment(String(text.dropFirst("env:".count)))
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .file(let path): "file:\(path)"
        case .environment(let name): "env:\(name)"
        }
    }

    /// Reads the value. Do so where it is used, and let it go after that.
    ///
    /// - Throws: when there is none, or it cannot be masked in what a task prints.
    public func resolve(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(SecretError) -> SecretValue {
        let bytes: [UInt8]
        switch self {
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SecretError("The secret's file \(path) cannot be read; check the path and who may read it.")
            }
            let end = data.lastIndex { !Self.whiteSpace.contains($0) }.map { $0 + 1 } ?? data.startIndex
            bytes = Array(data[..<end])
        case .environment(let name):
            guard let value = environment[name] else {
                throw SecretError("The secret's environment variable \(name) is not set for the service.")
            }
            bytes = Array(value.utf8)
        }
        guard bytes.count >= SecretValue.shortest else {
            throw SecretError(
                "The secret of \(self) has fewer than \(SecretValue.shortest) bytes; it could not be told from other "
                    + "text in what a task prints, so it is not used.")
        }
        guard bytes.count <= SecretValue.longest, !bytes.contains(0) else {
            throw SecretError(
                "The secret of \(self) has more than \(SecretValue.longest) bytes or a null byte in it; it is not used."
            )
        }
        return SecretValue(bytes)
    }

    private static let whiteSpace = Set(" \t\r\n".utf8)
}

/// Why a secret cannot be used; tells where it should stand, never what it is.
public struct SecretError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// The value of a secret. It does not show itself, however it is printed.
public struct SecretValue: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    /// Bytes; what is shorter occurs in any text.
    public static let shortest = 6
    public static let longest = 16_384

    /// For whom the secret is meant.
    public let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// For whom the secret is meant; bytes that are no UTF-8 become U+FFFD.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public var description: String { SecretMask.replacement }
    public var debugDescription: String { SecretMask.replacement }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
