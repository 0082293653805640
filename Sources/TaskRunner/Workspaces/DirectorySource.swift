internal import Foundation

/// A project's directory.
struct DirectorySource {
    private let path: String

    init(_ path: String) { self.path = path }

    /// - Parameter excluding: the service's own directory of workspaces, which may lie in the project's.
    func copy(
        to target: Directory, _ project: Project, _ owner: FileOwner?, excluding root: String
    ) throws(WorkspaceError) -> CopyResult {
        let source: Directory
        do {
            // The path itself may be a link: it was written by whoever configured the project.
            source = try Directory(path: (path as NSString).resolvingSymlinksInPath)
        } catch {
            throw WorkspaceError(
                .unreadableSource,
                "The directory of project \(project.id) cannot be read: \(error); check `directory` and its permissions."
            )
        }
        do throws(TreeCopy.Failure) {
            let own = try? Directory(path: root).status()
            return try TreeCopy.copy(
                source, to: target, owner: owner, limit: project.diskLimitBytes,
                excluding: own.map { FileIdentity($0) })
        } catch {
            switch error {
            case .tooLarge:
                throw WorkspaceError(
                    .tooLarge,
                    "The directory \(path) of project \(project.id) is larger than the \(project.diskLimitMB) MB that "
                        + "a workspace may take; raise `disk_mb` of the project.")
            case .file(let error):
                let code: WorkspaceError.Code =
                    [ENOSPC, EDQUOT, EROFS, EFBIG].contains(error.code) ? .disk : .unreadableSource
                throw WorkspaceError(code, "The directory \(path) of project \(project.id) cannot be copied: \(error)")
            }
        }
    }
}
