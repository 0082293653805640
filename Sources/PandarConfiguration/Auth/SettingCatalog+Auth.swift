extension SettingCatalog {
    static let auth: [Setting] = [
        .choice(
            "auth.kafka", \.auth.kafka,
            "trusted: who may write to the topics is believed. signed: every record carries a JWT, which is verified."),
        .text(
            "auth.hmac_secrets", \.auth.hmacSecrets,
            "Secrets for HS256, of at least 32 bytes; a token's kid is the file's name without ending, or the variable.",
            allowed: "file:/path or env:NAME, several with commas"),
        .text(
            "auth.public_keys", \.auth.publicKeys,
            "Public keys for RS256 and ES256 in PEM; a token's kid is the file's name without ending.",
            allowed: "paths of files, or of directories with *.pem, with commas"),
        .text(
            "auth.jwks_file", \.auth.keySetFile, "A JSON Web Key Set; looked at again when it changes.",
            allowed: "a path"),
        .text(
            "auth.issuer", \.auth.issuer, "What a token's iss must be; empty for any issuer that has one of the keys.",
            allowed: "text"),
        .text(
            "auth.audience", \.auth.audience, "What a token's aud must contain; empty where it does not matter.",
            allowed: "text"),
        .text(
            "auth.roles_claim", \.auth.rolesClaim,
            "The claim with the roles (admin, user, viewer, and those of gates).",
            allowed: "a claim's name, or a path with dots", isAllowed: { !$0.isEmpty }),
        .integer(
            "auth.clock_tolerance_seconds", \.auth.toleranceSeconds, 0...600,
            "Seconds by which the clocks of issuers, brokers and instances may differ."),
    ]
}
