import Authorization
import Foundation
import Logging
import Synchronization
import TaskModel
import Testing

/// A directory with key files, and a clock that a test sets.
final class KeyFolder: Sendable {
    let path: String
    private let seconds = Mutex(1000.0)

    init() throws {
        path = NSTemporaryDirectory() + "pandar-keys-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        return file
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path + "/" + name)
    }

    func pass(seconds: Double) {
        self.seconds.withLock { $0 += seconds }
    }

    func store(_ sources: KeySource...) async throws -> KeyStore {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try await KeyStore(sources, interval: 5, logger: logger) { [self] in seconds.withLock { $0 } }
    }

    /// A verifier that knows the one key.
    static func verifier(
        _ signer: Signer, _ rules: TokenRules = TokenRules(), remembered: Int = 100
    ) async throws -> TokenVerifier {
        let folder = try KeyFolder()
        let file = try folder.write("main.pem", signer.file)
        let store = try await folder.store(signer.name == "HS256" ? .secretFile(file) : .publicKeys(file))
        return TokenVerifier(keys: store, rules: rules, remembered: remembered)
    }
}

extension TokenVerifier {
    func principal(_ token: String, at moment: Timestamp = .noon) throws -> Principal {
        try verify(Array(token.utf8), at: moment)
    }

    /// Why the token is refused; `nil` when it is not. The reason never shows the token.
    func refusal(
        _ token: String, at moment: Timestamp = .noon, sourceLocation: SourceLocation = #_sourceLocation
    ) -> TokenRefusal.Code? {
        do throws(TokenRefusal) {
            _ = try verify(Array(token.utf8), at: moment)
            return nil
        } catch {
            let parts = token.split(separator: ".").filter { $0.count > 8 }
            #expect(!parts.contains { error.message.contains($0) }, sourceLocation: sourceLocation)
            #expect(!error.message.contains(Signer.secret), sourceLocation: sourceLocation)
            #expect(error.message.hasSuffix(".") && error.message.count < 400, sourceLocation: sourceLocation)
            return error.code
        }
    }
}
