internal import Foundation

/// Removes whatever a task left: trees of any depth, without permissions, with any names, made unchangeable, and changed
/// meanwhile. What is deep is first moved up beside the rest, so that no path grows and nothing is looked up beyond one
/// level.
struct TreeRemoval {
    private let trash: Directory
    private var moved = 0
    private var removed = 0

    /// Times that the trash is gone through: one for each level of the deepest tree, and some for those who still write.
    private static let passes = 200_000
    /// Passes in a row that changed nothing, after which what is left cannot be removed.
    private static let idlePasses = 3

    /// `trash`: a directory that only the service changes; what is in it goes.
    ///
    /// - Throws: the last thing that could not be removed; all else is gone.
    static func empty(_ trash: Directory) throws(FileError) {
        var removal = TreeRemoval(trash: trash)
        try removal.run()
    }

    private init(trash: Directory) {
        self.trash = trash
    }

    private mutating func run() throws(FileError) {
        var failure: FileError?
        var idle = 0
        for _ in 0..<Self.passes where idle < Self.idlePasses {
            let before = moved + removed
            var isEmpty = true
            failure = nil
            let stream = try trash.stream()
            while let name = stream.next() {
                isEmpty = false
                do {
                    try remove(FileName(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
                } catch {
                    failure = error
                }
            }
            if isEmpty { return }
            idle = moved + removed == before ? idle + 1 : 0
        }
        throw failure ?? FileError("what somebody still writes to", code: EBUSY)
    }

    /// Removes an entry of the trash; what is deep in it moves up.
    private mutating func remove(_ name: FileName) throws(FileError) {
        if unlink(in: trash.descriptor, name) { return }
        guard errno == ENOTEMPTY || errno == EEXIST else {
            if errno == ENOENT { return }
            throw FileError(name.text)
        }
        let directory = try trash.directory(name)
        FileRepair.clearFlags(directory.descriptor)
        _ = fchmod(directory.descriptor, 0o700)
        let stream = try directory.stream()
        while let child = stream.next() {
            if unlink(in: directory.descriptor, child) || errno == ENOENT { continue }
            try moveUp(child, from: directory)
        }
        if unlinkat(trash.descriptor, name, AT_REMOVEDIR) != 0, errno != ENOTEMPTY, errno != EEXIST, errno != ENOENT {
            throw FileError(name.text)
        }
    }

    private mutating func moveUp(_ name: UnsafePointer<CChar>, from directory: Directory) throws(FileError) {
        if renameUp(name, from: directory) { return }
        // Moving a directory writes to it.
        (try? FileRepair(in: directory.descriptor, name))?.free()
        if renameUp(name, from: directory) || errno == ENOENT { return }
        throw FileError(String(cString: name))
    }

    private mutating func renameUp(_ name: UnsafePointer<CChar>, from directory: Directory) -> Bool {
        repeat {
            moved += 1
            if renameat(directory.descriptor, name, trash.descriptor, "moved.\(moved)") == 0 { return true }
        } while errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR || errno == EISDIR
        return false
    }

    /// Removes a file or an empty directory. `false` with `errno` when it could not.
    private mutating func unlink(in directory: Int32, _ name: UnsafePointer<CChar>) -> Bool {
        if Self.unlinkOnce(directory, name) {
            removed += 1
            return true
        }
        guard errno == EPERM || errno == EACCES else { return false }
        let code = errno
        (try? FileRepair(in: directory, name))?.free()
        FileRepair.clearFlags(directory)
        _ = fchmod(directory, 0o700)
        if Self.unlinkOnce(directory, name) {
            removed += 1
            return true
        }
        if errno == 0 { errno = code }
        return false
    }

    private static func unlinkOnce(_ directory: Int32, _ name: UnsafePointer<CChar>) -> Bool {
        if unlinkat(directory, name, 0) == 0 { return true }
        // Linux says EISDIR; POSIX allows EPERM, which also stands for files that must not be changed.
        guard errno == EISDIR || errno == EPERM else { return false }
        let code = errno
        if unlinkat(directory, name, AT_REMOVEDIR) == 0 { return true }
        if errno == ENOTDIR { errno = code }
        return false
    }
}
