internal import Foundation

/// A place in a tree, entered and left level by level: as deep as the tree is, with few descriptors. The way up goes over
/// `..`, and only to the directory that the way down came from: where somebody moved one meanwhile, the cursor goes on at
/// the nearest level that it still holds.
struct TreeCursor {
    /// Levels whose descriptors stay open.
    static let held = 32

    private struct Level {
        let identity: FileIdentity
        var directory: Directory?
    }

    private var levels: [Level] = []
    /// The directory that the cursor stands in.
    private(set) var here: Directory

    init(_ root: Directory) throws(FileError) {
        here = root
        levels = [Level(identity: FileIdentity(try root.status()), directory: root)]
    }

    /// 0 at the root.
    var depth: Int { levels.count - 1 }

    /// Goes into a directory of this one.
    mutating func enter(_ name: FileName) throws(FileError) {
        let child = try here.directory(name)
        try enter(child)
    }

    mutating func enter(_ child: Directory) throws(FileError) {
        let identity = FileIdentity(try child.status())
        if levels.count > Self.held { levels[levels.count - 1].directory = nil }
        levels.append(Level(identity: identity, directory: child))
        here = child
    }

    /// Goes up. The number of levels that were left: more than one where the tree was changed meanwhile.
    mutating func leave() -> Int {
        var left = 1
        levels.removeLast()
        if let last = levels.last, last.directory == nil {
            if let parent = try? here.directory(Self.parent), let status = try? parent.status(),
                FileIdentity(status) == last.identity
            {
                levels[levels.count - 1].directory = parent
            } else {
                while levels.count > 1, levels.last?.directory == nil {
                    levels.removeLast()
                    left += 1
                }
            }
        }
        if let directory = levels.last?.directory { here = directory }
        return left
    }

    private static let parent = FileName("..")
}
