import Authorization
import PandarConfiguration
import Testing

@Suite("The settings of tokens")
struct AuthSectionTests {
    private func load(_ values: [String: String]) throws -> AuthSection {
        try SettingsLoader.load(
            flags: values.map { SettingsFlag(key: "auth.\($0.key)", value: $0.value, flag: "--set auth.\($0.key)") }
        ).settings.auth
    }

    private func error(_ values: [String: String]) -> ConfigurationError? {
        do {
            _ = try load(values)
            return nil
        } catch {
            return error as? ConfigurationError
        }
    }

    @Test("without settings who may write is believed")
    func standard() throws {
        let auth = try load([:])
        #expect(auth.kafka == .trusted && auth.rules == TokenRules())
        #expect(try auth.sources(environment: [:]) == [])
    }

    @Test("keys come from files, variables and sets")
    func sources() throws {
        let auth = try load([
            "kafka": "signed", "hmac_secrets": "file:/run/secrets/a, env:JWT_SECRET",
            "public_keys": "/etc/pandar/keys,/etc/pandar/other.pem", "jwks_file": "/etc/pandar/jwks.json",
            "issuer": "https://id.example", "audience": "pandar", "roles_claim": "realm_access.roles",
            "clock_tolerance_seconds": "5",
        ])
        #expect(
            try auth.sources(environment: ["JWT_SECRET": "s"]) == [
                .secretFile("/run/secrets/a"), .secret(Array("s".utf8), variable: "JWT_SECRET"),
                .publicKeys("/etc/pandar/keys"), .publicKeys("/etc/pandar/other.pem"), .keySet("/etc/pandar/jwks.json"),
            ])
        #expect(
            auth.rules
                == TokenRules(
                    issuer: "https://id.example", audience: "pandar", rolesClaim: "realm_access.roles",
                    toleranceSeconds: 5))
        let missing = #expect(throws: ConfigurationError.self) { try auth.sources(environment: [:]) }
        #expect(missing?.code == .unreadableSecret && missing?.message.contains("JWT_SECRET") == true)
    }

    @Test("signed needs a key, and a secret does not stand in the settings")
    func wrong() {
        #expect(error(["kafka": "signed"])?.code == .contradiction)
        #expect(error(["kafka": "jwt"])?.code == .invalidValue)
        let secret = "hunter2hunter2hunter2hunter2hunter2"
        for value in [secret, "file:", "env:", "env:A,\(secret)"] {
            let error = error(["kafka": "signed", "hmac_secrets": value])
            #expect(error?.key == "auth.hmac_secrets" && error?.message.contains(secret) == false)
        }
        #expect(error(["roles_claim": ""])?.code == .invalidValue)
        #expect(error(["clock_tolerance_seconds": "601"])?.code == .invalidValue)
    }

    @Test("the commands' token is no setting")
    func token() throws {
        #expect(throws: Never.self) { try SettingsLoader.load(environment: ["PANDAR_TOKEN": "a.b.c"]) }
    }
}
