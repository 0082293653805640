internal import Authorization
internal import Logging
internal import PandarConfiguration

/// Whether decisions are proven, and whether the keys for that are there.
enum AuthorityDiagnosis {
    static func finding(_ settings: AuthSection) async -> Finding {
        do throws(CommandError) {
            let quiet = Logger(label: "doctor", factory: { _ in SwiftLogNoOpLogHandler() })
            let authority = try await AuthoritySetup.authority(settings, quiet)
            return Finding(.ok, "authority", AuthoritySetup.sentence(authority))
        } catch {
            return Finding(.fail, "authority", error.message, remedy: "see the settings auth.*; serve does not start")
        }
    }
}
