internal import CProcess
internal import Foundation
internal import Synchronization

/// Empty workspaces that attempts left exactly as they got them, for the next attempts that need an empty one.
///
/// Many short tasks never touch theirs. Removed and made anew, three directories each, they cost a quarter of all the
/// processor time of a service that runs `/bin/true` on ext4: that file system does not take a number of an inode again for
/// five seconds, and looks through all those that went meanwhile for each that it makes.
///
/// Only what nobody can tell from a new one is taken: see ``isBlank(_:owner:)``. They stand among the half-made, so that
/// after a crash they are removed.
final class BlankWorkspaces: Sendable {
    private struct Blank {
        let place: String
        let owner: FileOwner?
    }

    private let root: WorkspaceRoot
    private let blanks = Mutex<[Blank]>([])

    /// As many stay: about the attempts that a machine runs at a time.
    static let limit = 64

    init(_ root: WorkspaceRoot) {
        self.root = root
    }

    /// Takes a workspace of which nothing runs any more, if it is blank. `false`: it is where it was.
    func give(_ workspace: Workspace) -> Bool {
        guard workspace.project.source == .empty, !workspace.isReusable, !workspace.isReused,
            blanks.withLock({ $0.count }) < Self.limit, Self.isBlank(workspace.base, owner: workspace.owner)
        else { return false }
        let blank = Blank(place: root.halfMade(), owner: workspace.owner)
        guard rename(workspace.base, blank.place) == 0 else { return false }
        blanks.withLock { $0.append(blank) }
        return true
    }

    /// Puts a blank workspace at the place of an attempt's. `false`: there is none, and nothing at that place.
    func take(_ base: String, for owner: FileOwner?) -> Bool {
        let blank = blanks.withLock { blanks -> Blank? in
            // The base of a task's own user has another mode.
            blanks.lastIndex { ($0.owner == nil) == (owner == nil) }.map { blanks.remove(at: $0) }
        }
        guard let blank else { return false }
        do {
            if blank.owner != owner {
                let directory = try Directory(path: blank.place)
                for name in Self.names { try directory.directory(FileName(name)).makePrivate(to: owner) }
            }
            guard rename(blank.place, base) == 0 else { throw FileError(base) }
            return true
        } catch {
            root.discard(blank.place)
            root.emptyTrash()
            return false
        }
    }

    private static let names = [Workspace.directoryName, Workspace.homeName]

    /// Whether both directories are empty and have the owner and the mode of new ones, no extended attributes (and so
    /// no access lists) and the flags of the directory around them, which no task can change.
    static func isBlank(_ base: String, owner: FileOwner?) -> Bool {
        do {
            let directory = try Directory(path: base)
            guard Set(try directory.names().map(\.text)) == Set(names) else { return false }
            let own = try directory.status()
            let flags = FileRepair.flags(directory.descriptor)
            for name in names {
                // By its path: `directory(_:)` would open up what a task closed.
                let child = try Directory(path: base + "/" + name)
                let status = try child.status()
                guard status.st_mode & 0o7777 == 0o700, status.st_uid == owner?.user ?? own.st_uid,
                    status.st_gid == owner?.group ?? own.st_gid, FileRepair.flags(child.descriptor) == flags,
                    pandar_has_attributes(child.descriptor) == 0, try child.stream().next() == nil
                else { return false }
            }
            return true
        } catch {
            return false
        }
    }
}
