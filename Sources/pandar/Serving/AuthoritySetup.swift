internal import Authorization
internal import Foundation
internal import Logging
internal import PandarConfiguration

/// Makes what the settings say of tokens.
enum AuthoritySetup {
    /// Reads the keys, where there must be some.
    ///
    /// - Throws: what is wrong with them; nobody is believed because a key is missing.
    static func authority(_ settings: AuthSection, _ logger: Logger) async throws(CommandError) -> RecordAuthority {
        guard settings.kafka == .signed else { return .trusted }
        do throws(ConfigurationError) {
            let sources = try settings.sources(environment: ProcessInfo.processInfo.environment)
            do throws(KeyError) {
                return .signed(TokenVerifier(keys: try await KeyStore(sources, logger: logger), rules: settings.rules))
            } catch {
                throw ConfigurationError(.unreadableSecret, key: "auth.kafka", error.message)
            }
        } catch {
            throw CommandError(.configuration, error.message)
        }
    }

    /// Whose word counts, for the log and `doctor`.
    static func sentence(_ authority: RecordAuthority) -> String {
        switch authority {
        case .trusted: "decisions are believed as the topics' ACLs let them through"
        case .signed(let verifier): "signed, \(verifier.keys.summary)"
        }
    }
}
