internal import Foundation

/// The repository of one push: holds what the attempt has sent, borrows the rest from the mirror, and is pushed from. Has
/// no hooks, no settings and no work tree, and what came in is named by its ids alone.
struct PushRepository {
    let gateway: RepositoryGateway
    let path: String
    private var git: GitCommand { gateway.git }

    init(_ gateway: RepositoryGateway, references: [RepositoryGateway.Reference]) throws(GitCommand.Failure) {
        self.gateway = gateway
        path = gateway.root.halfMade()
        do {
            try gateway.git.run(["init", "--quiet", "--bare", "--template=", "--", path])
            try FileManager.default.createDirectory(
                atPath: path + "/objects/info", withIntermediateDirectories: true)
            try Data("\(gateway.mirror.path)/objects\n".utf8).write(
                to: URL(filePath: path + "/objects/info/alternates"))
            let known = references.map { "\($0.id) \($0.name)\n" }.joined()
            try Data(known.utf8).write(to: URL(filePath: path + "/packed-refs"))
        } catch let failure as GitCommand.Failure {
            gateway.root.discard(path)
            throw failure
        } catch {
            gateway.root.discard(path)
            throw GitCommand.Failure(kind: .failed, sentence: "no repository for the push: \(error)")
        }
    }

    func discard() {
        gateway.root.discard(path)
        gateway.root.emptyTrash()
    }

    /// Takes the pack that comes over a connection, whole and checked.
    func receive(from connection: Int32, goesOn: () -> Bool) throws(GitCommand.Failure) {
        let limit = gateway.project.diskLimitBytes
        try git.run(
            [
                "--git-dir", path, "-c", "core.hooksPath=/dev/null", "index-pack", "--stdin", "--fix-thin", "--strict",
                "--threads=1", "--max-input-size=\(limit)",
            ],
            in: GitCommand.Surroundings(
                input: connection, fileLimit: limit, memoryLimit: RepositoryGateway.memoryLimit),
            goesOn: goesOn)
    }

    /// What git prints for a question about what is here.
    func ask(_ arguments: [String]) throws(GitCommand.Failure) -> String {
        try git.run(
            ["--git-dir", path] + arguments,
            in: GitCommand.Surroundings(memoryLimit: RepositoryGateway.memoryLimit))
    }

    /// Pushes exactly these ids, each only where the reference still has the id that it had.
    ///
    /// - Returns: for each reference that was refused, why.
    func push(_ updates: [PushUpdate], isAtomic: Bool) throws(GitCommand.Failure) -> [String: String] {
        var git = git
        // The hooks of a repository on this machine are its own rules: they stay.
        git.configuration = gateway.root.mirrors + "/.gitconfig-push"
        let words =
            [
                "--git-dir", path, "-c", "core.hooksPath=/dev/null", "push", "--porcelain", "--no-verify",
                "--no-follow-tags", "--recurse-submodules=no", "--no-signed",
            ] + (isAtomic ? ["--atomic"] : [])
            + updates.map { "--force-with-lease=\($0.reference):\($0.old ?? "")" }
            + ["--", gateway.repository.location] + updates.map { "\($0.new ?? ""):\($0.reference)" }
        do {
            try git.run(words)
            return [:]
        } catch {
            guard error.kind == .failed else { throw error }
            let done = Self.results(error.output)
            // Where git did not come as far as to tell of each, nothing has happened.
            return Dictionary(
                updates.compactMap { update in
                    switch done[update.reference] {
                    case .some(.none): nil
                    case .some(let reason?): (update.reference, reason)
                    case .none: (update.reference, error.sentence)
                    }
                }
            ) { $1 }
        }
    }

    /// Lines of `git push --porcelain`: a mark, `from:to`, and what came of it; `nil` for what was done.
    static func results(_ text: String) -> [String: String?] {
        var results: [String: String?] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].count == 1, let colon = parts[1].lastIndex(of: ":") else { continue }
            let reference = String(parts[1][parts[1].index(after: colon)...])
            let isStale = parts[2].contains("stale info")
            let reason = isStale ? "it has changed since; fetch, and push again" : String(parts[2])
            results.updateValue(parts[0] == "!" ? reason : nil, forKey: reference)
        }
        return results
    }
}

/// One reference that a push changes.
struct PushUpdate: Hashable, Sendable {
    /// Whole (`refs/heads/main`).
    let reference: String
    /// `nil` where it is made.
    let old: String?
    /// `nil` where it is removed.
    let new: String?
}
