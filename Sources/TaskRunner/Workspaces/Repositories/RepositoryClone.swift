internal import Foundation

/// A repository of a task's own, made from a mirror: every object is a copy, so that nothing the task does to it reaches
/// the mirror, the project's repository or another task, and it needs nothing that its sandbox does not show.
struct RepositoryClone {
    struct UnknownRef: Error {}
    struct TooLarge: Error {}

    let git: GitCommand
    let repository: Repository
    let limit: Int64

    private struct Commit {
        let id: String
        /// The branch that is checked out; `nil` for a tag or a commit.
        let branch: String?
    }

    func make(from mirror: String, at path: String) throws {
        let commit = try resolve(in: mirror)
        var meter = DiskMeter(paths: [path], limitBytes: limit)
        var isTooLarge = false
        func run(_ arguments: [String]) throws {
            do throws(GitCommand.Failure) {
                try git.run(arguments, fileLimit: limit) {
                    isTooLarge = meter.isExceeded()
                    return !isTooLarge
                }
            } catch {
                throw isTooLarge || error.kind == .fileTooLarge ? TooLarge() : error
            }
        }
        if repository.depth > 0, let commit {
            try run(["init", "--quiet", "--template=", "--", path])
            try run(["-C", path, "remote", "add", "--", "origin", repository.location])
            let target = commit.branch.map { ":refs/remotes/origin/\($0)" } ?? ""
            try run(
                [
                    "-C", path, "fetch", "--quiet", "--no-tags", "--depth", "\(repository.depth)", "--",
                    "file://\(mirror)",
                ]
                    + ["+\(commit.id)\(target)"])
        } else {
            try run(
                ["clone", "--quiet", "--local", "--no-hardlinks", "--no-checkout", "--template=", "--", mirror, path])
            try run(["-C", path, "remote", "set-url", "--", "origin", repository.location])
        }
        if let commit {
            // The branch by its full name: a tag may have the same.
            let place = commit.branch.map { ["-B", $0, "--track", "refs/remotes/origin/\($0)"] }
            try run(["-C", path, "checkout", "--quiet"] + (place ?? ["--detach", commit.id]))
        }
        guard try DiskUsage.measure(path).bytes <= limit else { throw TooLarge() }
    }

    /// `nil` for a repository without commits.
    private func resolve(in mirror: String) throws -> Commit? {
        func commit(_ name: String) -> String? {
            let words = [
                "--git-dir", mirror, "rev-parse", "--verify", "--quiet", "--end-of-options", "\(name)^{commit}",
            ]
            return (try? git.run(words)).map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        }
        guard let ref = repository.ref else {
            let head = try git.run(["--git-dir", mirror, "symbolic-ref", "--quiet", "HEAD"])
                .trimmingCharacters(in: .whitespacesAndNewlines)
            guard let id = commit("HEAD") else {
                let any = try git.run(["--git-dir", mirror, "for-each-ref", "--count=1"])
                if any.isEmpty { return nil }
                throw UnknownRef()
            }
            return Commit(id: id, branch: Self.branch(head))
        }
        if ref.hasPrefix("refs/") {
            if let id = commit(ref) { return Commit(id: id, branch: Self.branch(ref)) }
        } else {
            if let id = commit("refs/heads/\(ref)") { return Commit(id: id, branch: ref) }
            if let id = commit("refs/tags/\(ref)") { return Commit(id: id, branch: nil) }
            if ref.count >= 7, ref.allSatisfy(\.isHexDigit), let id = commit(ref) { return Commit(id: id, branch: nil) }
        }
        // The mirror may be broken rather than the name wrong.
        try git.run(["--git-dir", mirror, "for-each-ref", "--format=%(objecttype)"])
        throw UnknownRef()
    }

    private static func branch(_ ref: String) -> String? {
        let prefix = "refs/heads/"
        return ref.hasPrefix(prefix) ? String(ref.dropFirst(prefix.count)) : nil
    }
}
