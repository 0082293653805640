internal import Foundation

/// The project's repository for an attempt that may not reach it itself: what it fetches comes from the mirror, what it
/// pushes goes through a repository that is made for one push. Never uses a repository that a task can write to.
struct RepositoryGateway: Sendable {
    let project: Project
    let repository: Repository
    let mirror: RepositoryMirror
    let root: WorkspaceRoot
    /// With the project's token.
    let git: GitCommand

    struct Reference: Equatable, Sendable {
        let id: String
        let name: String
    }

    /// Bytes of memory that git may take for what a task sends.
    static let memoryLimit: Int64 = 2 << 30

    /// The address without a password.
    var shownLocation: String { GitLocation.shown(repository.location) }

    /// Asks the repository for news.
    ///
    /// - Parameter seconds: how old what is known may be.
    func refresh(seconds: Int) throws(GitCommand.Failure) {
        if let warning = try mirror.update(repository, git: git, fetchSeconds: seconds, in: root) {
            throw GitCommand.Failure(kind: .failed, sentence: warning)
        }
    }

    /// Its branches and tags.
    func references() throws(GitCommand.Failure) -> [Reference] {
        let text = try git.run([
            "--git-dir", mirror.path, "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags",
        ])
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return parts.count == 2 ? Reference(id: String(parts[0]), name: String(parts[1])) : nil
        }
    }

    /// Talks with the git of an attempt as the server of a fetch, to the end.
    func serveFetch(to connection: Int32, goesOn: () -> Bool) throws(GitCommand.Failure) {
        // Not under the mirror's lock: who reads slowly would hold up everybody. git copes with changes meanwhile.
        try git.run(
            [
                "-c", "uploadpack.allowAnySHA1InWant=false", "-c", "uploadpack.allowTipSHA1InWant=true",
                "-c", "pack.threads=1",
                "upload-pack", "--strict", "--timeout=\(GateWire.patience)", mirror.path,
            ], in: GitCommand.Surroundings(input: connection, output: connection), goesOn: goesOn)
    }
}
