internal import Foundation
internal import Synchronization

/// The mirrors of all projects, and clones of them.
final class MirrorCache: Sendable {
    private let root: WorkspaceRoot
    private let git: GitCommand
    private let fetchSeconds: Int
    private let mirrors = Mutex<[String: RepositoryMirror]>([:])

    init(_ root: WorkspaceRoot, _ settings: WorkspaceSettings) {
        self.root = root
        fetchSeconds = settings.fetchSeconds
        git = GitCommand(
            path: settings.path, seconds: settings.gitSeconds, configuration: root.mirrors + "/.gitconfig")
    }

    /// Removes what a git that was killed left in the mirrors: locks, which would stop the next one, and half packs.
    func clearAfterCrash() {
        _ = FileManager.default.createFile(atPath: git.configuration, contents: Data(GitCommand.settings.utf8))
        _ = FileManager.default.createFile(
            atPath: git.configuration + "-push", contents: Data(GitCommand.pushSettings.utf8))
        let paths = FileManager.default.enumerator(atPath: root.mirrors)
        while let path = paths?.nextObject() as? String {
            let name = (path as NSString).lastPathComponent
            let isLeft = name.hasSuffix(".lock") || (name.hasPrefix("tmp_") && path.contains("/objects/"))
            if isLeft { unlink(root.mirrors + "/" + path) }
        }
    }

    /// Clones the project's repository to a path that is not there yet. Warnings.
    func checkout(_ repository: Repository, of project: Project, to path: String) throws(WorkspaceError) -> [String] {
        do {
            let git = try authorised(repository)
            let mirror = mirror(repository, of: project)
            let clone = RepositoryClone(git: self.git, repository: repository, limit: project.diskLimitBytes)
            var warning = try mirror.update(repository, git: git, fetchSeconds: fetchSeconds, in: root)
            do {
                try mirror.read { try clone.make(from: mirror.path, at: path) }
            } catch let failure as GitCommand.Failure where failure.kind == .failed {
                // The mirror may be broken: make it anew, once.
                root.discard(path)
                root.discard(mirror.path)
                warning = try mirror.update(repository, git: git, fetchSeconds: fetchSeconds, in: root)
                try mirror.read { try clone.make(from: mirror.path, at: path) }
            }
            return [warning].compactMap { $0 }
        } catch {
            throw explained(error, repository, project)
        }
    }

    /// The way by which what an attempt fetches and pushes goes in and out.
    func gateway(_ repository: Repository, of project: Project) throws(WorkspaceError) -> RepositoryGateway {
        do {
            return RepositoryGateway(
                project: project, repository: repository, mirror: mirror(repository, of: project), root: root,
                git: try authorised(repository))
        } catch {
            throw explained(error, repository, project)
        }
    }

    /// Removes the mirrors that no project has any more, or that are of a former address.
    func removeUnused(_ projects: ProjectCatalog) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: root.mirrors)) ?? []
        where name.hasSuffix(".git") {
            let project = name.split(separator: "-").first.flatMap { Int64($0) }.flatMap(projects.project)
            if let project, case .repository(let repository) = project.source, name == Self.name(repository, project) {
                continue
            }
            root.discard(root.mirrors + "/" + name)
        }
        root.emptyTrash()
    }

    private static func name(_ repository: Repository, _ project: Project) -> String {
        // FNV-1a: another address is another mirror.
        let hash = repository.location.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01B3
        }
        return "\(project.id)-\(String(hash, radix: 16)).git"
    }

    private func mirror(_ repository: Repository, of project: Project) -> RepositoryMirror {
        let path = "\(root.mirrors)/\(Self.name(repository, project))"
        return mirrors.withLock { mirrors in
            if let mirror = mirrors[path] { return mirror }
            let mirror = RepositoryMirror(path: path, location: repository.location)
            mirrors[path] = mirror
            return mirror
        }
    }

    /// git with the project's token, which goes to the host of the address and, to be sure, follows no redirection.
    private func authorised(_ repository: Repository) throws -> GitCommand {
        guard let token = try repository.token?.resolve() else { return git }
        var git = git
        let basic = Data("x-access-token:\(token.text)".utf8).base64EncodedString()
        git.mask = SecretMask([token])
        git.secretSettings = [
            (name: "http.\(repository.location).extraHeader", value: "Authorization: Basic \(basic)"),
            (name: "http.followRedirects", value: "false"),
        ]
        return git
    }

    private func explained(_ error: any Error, _ repository: Repository, _ project: Project) -> WorkspaceError {
        let subject = "The repository \(GitLocation.shown(repository.location)) of project \(project.id)"
        switch error {
        case let failure as GitCommand.Failure:
            let code: WorkspaceError.Code =
                switch failure.kind {
                case .missing: .noGit
                case .timedOut: .timedOut
                case .stopped, .fileTooLarge: .tooLarge
                case .failed: .unreadableSource
                }
            return WorkspaceError(code, "\(subject) cannot be cloned: \(failure.sentence)")
        case is RepositoryClone.TooLarge:
            return WorkspaceError(
                .tooLarge,
                "\(subject) is larger than the \(project.diskLimitMB) MB that a workspace may take; raise `disk_mb` "
                    + "of the project or set its `depth`.")
        case is RepositoryClone.UnknownRef:
            return WorkspaceError(.unknownRef, "\(subject) has no \(repository.ref ?? "HEAD"); check `ref`.")
        default:
            return WorkspaceError(.unreadableSource, "\(subject) cannot be cloned: \(error)")
        }
    }
}
