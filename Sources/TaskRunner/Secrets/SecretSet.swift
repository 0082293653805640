internal import Foundation

/// The secrets of one attempt, as its environment gets them, and what hides them in its output.
struct SecretSet: Sendable {
    let environment: [String: String]
    let mask: SecretMask

    /// Resolves the secrets of a project, and the credentials of its agents.
    ///
    /// - Parameters:
    ///   - credentials: names of variables that are handed on from the service's environment where it has them and the
    ///     project has no secret of that name.
    ///   - isWithheld: whether a secret is none of the environment's: it must be asked for.
    /// - Throws: `SpawnError`, which tells where a secret should stand, never what it is.
    init(
        _ project: Project, credentials: [String] = [], isWithheld: (String) -> Bool = { _ in false }
    ) throws(SpawnError) {
        var environment: [String: String] = [:]
        var values: [SecretValue] = []
        do throws(SecretError) {
            for secret in project.secrets {
                let value = try secret.source.resolve()
                if !isWithheld(secret.name) { environment[secret.name] = value.text }
                values.append(value)
            }
            for name in Set(credentials).subtracting(project.secrets.map(\.name)) {
                guard let variable = getenv(name), variable.pointee != 0 else { continue }
                let value = try SecretSource.environment(name).resolve()
                environment[name] = value.text
                values.append(value)
            }
        } catch {
            throw SpawnError(description: error.description)
        }
        self.environment = environment
        mask = SecretMask(values)
    }
}
