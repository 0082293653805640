internal import Foundation

/// A bare copy of a repository that workspaces are cloned from, so that each start asks the network for what is new only.
/// No task ever sees it.
final class RepositoryMirror: Sendable {
    let path: String
    private let location: String
    /// Held while the mirror changes; clones of it may go on side by side.
    private let lock = ReadWriteLock()

    init(path: String, location: String) {
        self.path = path
        self.location = location
    }

    /// Brings it up to date where that is due. A sentence when that failed and there is one to go on with.
    func update(
        _ repository: Repository, git: GitCommand, fetchSeconds: Int, in root: WorkspaceRoot
    ) throws(GitCommand.Failure) -> String? {
        lock.startWriting()
        defer { lock.stopWriting() }
        guard access(path, F_OK) == 0 else {
            let place = root.halfMade()
            do {
                try git.run(["clone", "--quiet", "--bare", "--no-local", "--template=", "--", location, place])
                if let name = extraRef(repository) { try fetch([name], git, place) }
            } catch {
                root.discard(place)
                throw error
            }
            touch(place)
            guard rename(place, path) == 0 else {
                throw GitCommand.Failure(kind: .failed, sentence: "\(FileError(path))")
            }
            return nil
        }
        guard age >= Double(fetchSeconds) else { return nil }
        do {
            try fetch(
                ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"] + [extraRef(repository)].compactMap { $0 },
                git, path)
            touch(path)
            return nil
        } catch {
            return "the repository could not be asked for news (\(error.sentence)); an older state was used"
        }
    }

    /// Does something with it that does not change it.
    func read(_ body: () throws -> Void) throws {
        lock.startReading()
        defer { lock.stopReading() }
        try body()
    }

    private func fetch(_ refs: [String], _ git: GitCommand, _ place: String) throws(GitCommand.Failure) {
        let prune = refs.count > 1 ? ["--prune"] : []
        try git.run(
            ["--git-dir", place, "fetch", "--quiet", "--force", "--no-write-fetch-head", "--no-tags"] + prune
                + ["--", location] + refs)
    }

    /// A ref that is neither a branch nor a tag: of a pull request, for example.
    private func extraRef(_ repository: Repository) -> String? {
        guard let ref = repository.ref, ref.hasPrefix("refs/"), !ref.hasPrefix("refs/heads/"),
            !ref.hasPrefix("refs/tags/")
        else { return nil }
        return "+\(ref):\(ref)"
    }

    /// Seconds since it was brought up to date.
    private var age: Double {
        var status = stat()
        guard stat(path + "/pandar-fetched", &status) == 0 else { return .infinity }
        let age = Date().timeIntervalSince1970 - Double(status.st_mtim.tv_sec)
        return age < 0 ? .infinity : age
    }

    private func touch(_ place: String) {
        _ = FileManager.default.createFile(atPath: place + "/pandar-fetched", contents: nil)
    }
}
