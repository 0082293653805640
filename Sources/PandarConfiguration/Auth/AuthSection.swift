public import Authorization

/// Whose word counts for requests, actions and decisions.
public struct AuthSection: Sendable {
    public enum Mode: String, Sendable, CaseIterable {
        /// Who may write to the topics is believed.
        case trusted
        /// Every record carries a token.
        case signed
    }

    public var kafka = Mode.trusted
    /// `file:/path` or `env:NAME`, with commas.
    public var hmacSecrets = ""
    /// PEM files and directories of such, with commas.
    public var publicKeys = ""
    public var keySetFile = ""
    /// Empty for any.
    public var issuer = ""
    /// Empty where it does not matter.
    public var audience = ""
    public var rolesClaim = "roles"
    public var toleranceSeconds = 30

    /// What tokens must say.
    public var rules: TokenRules {
        TokenRules(
            issuer: issuer.isEmpty ? nil : issuer, audience: audience.isEmpty ? nil : audience, rolesClaim: rolesClaim,
            toleranceSeconds: toleranceSeconds)
    }

    /// Where the keys are.
    ///
    /// - Throws: when a variable is not set.
    public func sources(environment: [String: String]) throws(ConfigurationError) -> [KeySource] {
        var sources: [KeySource] = []
        for place in hmacSecrets.commaSeparated {
            if let path = place.without("file:") {
                sources.append(.secretFile(path))
            } else if let name = place.without("env:") {
                guard let secret = environment[name] else {
                    throw ConfigurationError(
                        .unreadableSecret, key: "auth.hmac_secrets",
                        "The environment variable \(name) of the setting auth.hmac_secrets is not set.")
                }
                sources.append(.secret(Array(secret.utf8), variable: name))
            }
        }
        sources += publicKeys.commaSeparated.map { .publicKeys($0) }
        if !keySetFile.isEmpty { sources.append(.keySet(keySetFile)) }
        return sources
    }

    /// What the settings say together.
    func check() throws(ConfigurationError) {
        // Not with the other values, for their errors repeat them.
        guard hmacSecrets.commaSeparated.allSatisfy({ $0.without("file:") != nil || $0.without("env:") != nil }) else {
            throw ConfigurationError(
                .invalidValue, key: "auth.hmac_secrets",
                "The setting auth.hmac_secrets must name files and variables with the secrets (file:/path, env:NAME, "
                    + "several with commas), not hold one itself.")
        }
        guard kafka == .trusted || !hmacSecrets.isEmpty || !publicKeys.isEmpty || !keySetFile.isEmpty else {
            throw ConfigurationError(
                .contradiction, key: "auth.kafka",
                "The setting auth.kafka is signed, and there is no key: set auth.public_keys, auth.jwks_file or "
                    + "auth.hmac_secrets.")
        }
    }
}

extension String {
    /// What follows `prefix`; `nil` when something else, or nothing, does.
    fileprivate func without(_ prefix: String) -> String? {
        hasPrefix(prefix) && count > prefix.count ? String(dropFirst(prefix.count)) : nil
    }
}
