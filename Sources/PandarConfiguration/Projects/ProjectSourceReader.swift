internal import TaskRunner

/// Reads where a project's files and secrets come from.
enum ProjectSourceReader {
    static func read(
        _ section: inout DocumentSection, _ environment: [String: String]?
    ) throws(ConfigurationError) -> ProjectSource {
        let directory = section.take("directory")
        let repository = section.take("repository")
        let details = [section.take("ref"), section.take("depth"), section.take("token")]
        if let directory, repository != nil { throw directory.error("and repository cannot both be given") }
        guard let repository else {
            for case let detail? in details { throw detail.error("means nothing without repository") }
            guard let directory else { return .empty }
            let path = try directory.text()
            guard path.hasPrefix("/"), !path.utf8.contains(0) else {
                throw directory.error("must be an absolute path, but is \"\(path)\"")
            }
            return .directory(path)
        }
        let location = try repository.text()
        // Not shown: it may hold a password.
        if let objection = GitLocation.objection(location) { throw repository.error(objection) }
        var result = Repository(location: location)
        if let ref = details[0] {
            let name = try ref.text()
            guard isRef(name) else { throw ref.error("is not the name of a branch, a tag or a commit") }
            result.ref = name
        }
        if let depth = details[1] { result.depth = try depth.integer(0...1_000_000) }
        if let token = details[2] {
            guard location.hasPrefix("https://") else { throw token.error("needs a repository with https") }
            result.token = try secret(token, environment)
        }
        return .repository(result)
    }

    /// Where a secret stands; with an environment, it must be there and usable.
    static func secret(
        _ node: DocumentNode, _ environment: [String: String]?
    ) throws(ConfigurationError) -> SecretSource {
        guard let source = SecretSource(try node.text()) else {
            // Not shown: somebody may have written the secret itself.
            throw node.error("must be file:/path or env:NAME, never the secret itself")
        }
        if let environment {
            do {
                _ = try source.resolve(environment: environment)
            } catch {
                throw node.error("cannot be used. \(error)", .unreadableSecret)
            }
        }
        return source
    }

    /// Variables and where their values stand.
    static func secrets(
        _ node: DocumentNode, _ environment: [String: String]?
    ) throws(ConfigurationError) -> [ProjectSecret] {
        var section = try node.section()
        var secrets: [ProjectSecret] = []
        for (name, value) in section.takeAll() {
            try checkName(name, value)
            secrets.append(ProjectSecret(name: name, source: try secret(value, environment)))
        }
        return secrets
    }

    /// A secret becomes a variable of a task's environment.
    private static func checkName(_ name: String, _ node: DocumentNode) throws(ConfigurationError) {
        guard VariableName.isName(name) else { throw node.error("is not the name of an environment variable") }
        guard !VariableName.isReserved(name) else {
            throw node.error("is a name that a secret cannot have, for programs behave differently with it")
        }
    }

    /// What `git check-ref-format` takes, roughly; what it does not cannot do harm, for it is never an option.
    private static func isRef(_ name: String) -> Bool {
        let forbidden = ["..", "@{", "//", "\\", "^", "~", ":", "?", "*", "["]
        return !name.isEmpty && !name.hasPrefix("-") && !name.hasPrefix("/") && !name.hasSuffix("/")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } && !forbidden.contains { name.contains($0) }
    }
}
