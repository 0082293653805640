internal import Foundation
internal import Synchronization
internal import TaskModel

extension WorkspaceStore {
    /// The workspace of the last attempt before this one, if it was of the same project and is there.
    ///
    /// It gets this attempt's name, unless attempts see the machine's own paths: agents file their sessions by the
    /// directory that they work in, so that it must not change.
    func reuse(
        _ ref: AttemptRef, _ project: Project, _ base: String, _ owner: FileOwner?, isReusable: Bool
    ) throws(WorkspaceError) -> Workspace? {
        guard let last = takeLast(before: ref) else { return nil }
        let old = root.path + "/" + last
        let place = settings.staysInPlace ? old : base
        guard let record = WorkspaceRecord(in: old), record.isReusable, record.project == project.id,
            kept.isCurrent(record), settings.staysInPlace || rename(old, base) == 0
        else {
            active.withLock { _ = $0.remove(last) }
            return nil
        }
        let ownName = WorkspaceRoot.name(of: place)
        // One of both names is this workspace's from now on.
        active.withLock { _ = $0.remove(ownName == last ? WorkspaceRoot.name(of: base) : last) }
        do {
            try WorkspaceRecord(project, isReusable: isReusable).write(in: place)
            let directory = try Directory(path: place)
            if let owner {
                for name in [Workspace.directoryName, Workspace.homeName] {
                    try TreeOwnership.give(try directory.directory(FileName(name)), to: owner)
                }
            }
        } catch {
            root.discard(place)
            active.withLock { _ = $0.remove(ownName) }
            throw diskError(error)
        }
        return Workspace(
            ref: ref, project: project, owner: owner, base: place, isReused: true, isReusable: isReusable, warnings: [])
    }

    /// Takes the name of the last attempt's workspace, so that nobody else does.
    private func takeLast(before ref: AttemptRef) -> String? {
        active.withLock { active in
            let earlier = root.names.filter { name in
                guard let (task, attempt) = WorkspaceRoot.split(name) else { return false }
                return task == ref.taskID.text && attempt < ref.attempt && !active.contains(name)
            }
            let last = earlier.max {
                (WorkspaceRoot.split($0)?.attempt ?? 0) < (WorkspaceRoot.split($1)?.attempt ?? 0)
            }
            if let last { active.insert(last) }
            return last
        }
    }
}
