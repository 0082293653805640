/// The secrets of one attempt, as its environment gets them, and what hides them in its output.
struct SecretSet: Sendable {
    let environment: [String: String]
    let mask: SecretMask

    /// Resolves the secrets of a project.
    ///
    /// - Throws: `SpawnError`, which tells where a secret should stand, never what it is.
    ///
    /// - Parameter isWithheld: whether a secret is none of the environment's: it must be asked for.
    init(_ project: Project, isWithheld: (String) -> Bool = { _ in false }) throws(SpawnError) {
        var environment: [String: String] = [:]
        var values: [SecretValue] = []
        do throws(SecretError) {
            for secret in project.secrets {
                let value = try secret.source.resolve()
                if !isWithheld(secret.name) { environment[secret.name] = value.text }
                values.append(value)
            }
        } catch {
            throw SpawnError(description: error.description)
        }
        self.environment = environment
        mask = SecretMask(values)
    }
}
