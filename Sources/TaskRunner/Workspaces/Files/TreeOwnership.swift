internal import Foundation

/// Gives a tree to somebody, also one that an attempt has left. Hard links in it are given away, too: from inside a sandbox
/// nothing but the workspace itself can be linked to.
enum TreeOwnership {
    static func give(_ root: Directory, to owner: FileOwner) throws(FileError) {
        var cursor = try TreeCursor(root)
        var pending = [try chown(root, owner)]
        while true {
            if let name = pending[pending.count - 1].popLast() {
                try cursor.enter(name)
                pending.append(try chown(cursor.here, owner))
            } else {
                pending.removeLast()
                if pending.isEmpty { return }
                guard cursor.leave() == 1 else { throw FileError("a directory", code: EBUSY) }
            }
        }
    }

    /// The directories in it.
    private static func chown(_ directory: Directory, _ owner: FileOwner) throws(FileError) -> [FileName] {
        var directories: [FileName] = []
        for name in try directory.names() {
            if try directory.status(name).isDirectory {
                directories.append(name)
            } else if fchownat(directory.descriptor, name, owner.user, owner.group, AT_SYMLINK_NOFOLLOW) != 0 {
                throw FileError(name.text)
            }
        }
        guard fchown(directory.descriptor, owner.user, owner.group) == 0 else { throw FileError("a directory") }
        return directories
    }
}
