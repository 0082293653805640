internal import Foundation

/// A private copy of an attempt's workspace for a program that runs outside of the attempt's sandbox: what is shown to
/// whoever decides is what the program gets. Without the repository's own `.git`, which is another one in every attempt.
struct WorkspaceCopy: Sendable {
    let path: String
    private let root: WorkspaceRoot

    var directory: String { path + "/" + Workspace.directoryName }
    var home: String { path + "/" + Workspace.homeName }

    static let repository = FileName(".git")

    init(
        _ workspace: Workspace, in root: WorkspaceRoot, owner: FileOwner?
    ) throws(WorkspaceError) {
        self.root = root
        path = root.halfMade()
        do {
            guard mkdir(path, 0o700) == 0 else { throw FileError(path) }
            let place = try Directory(path: path)
            let home = try place.make(FileName(Workspace.homeName))
            try home.makePrivate(to: owner)
            let target = try place.make(FileName(Workspace.directoryName))
            let source = try Directory(path: workspace.directory)
            let repository = try? source.status(Self.repository)
            _ = try TreeCopy.copy(
                source, to: target, owner: owner, limit: workspace.project.diskLimitBytes,
                excluding: repository.map { FileIdentity($0) })
        } catch {
            root.discard(path)
            root.emptyTrash()
            if case TreeCopy.Failure.tooLarge = error {
                throw WorkspaceError(.tooLarge, "the workspace is larger than the project's disk_mb")
            }
            throw WorkspaceError(.disk, "the workspace cannot be copied: \(error)")
        }
    }

    func discard() {
        root.discard(path)
        root.emptyTrash()
    }
}

extension WorkspaceStore {
    func copy(_ workspace: Workspace, owner: FileOwner?) throws(WorkspaceError) -> WorkspaceCopy {
        try WorkspaceCopy(workspace, in: root, owner: owner)
    }
}
