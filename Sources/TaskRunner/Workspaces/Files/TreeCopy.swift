internal import Foundation

/// Who owns the files of a workspace.
public struct FileOwner: Hashable, Sendable {
    public let user: UInt32
    public let group: UInt32

    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }
}

/// What a copy of a tree was.
struct CopyResult: Equatable {
    var bytes: Int64 = 0
    var entries = 0
    /// Devices, sockets, pipes and other file systems, which are not copied.
    var skipped = 0
}

/// Copies a tree: files, directories and symbolic links as such; modes without set-id and sticky bits; times of files;
/// hard links become files of their own. Never leaves the source, whatever changes in it meanwhile.
struct TreeCopy {
    enum Failure: Error {
        case file(FileError)
        /// More than the limit in bytes.
        case tooLarge
    }

    private struct Level {
        var pending: [(name: FileName, mode: mode_t)] = []
        var mode: mode_t = 0o700
    }

    private var source: TreeCursor
    private var target: TreeCursor
    private var levels: [Level]
    private var content = FileCopy()
    private var result = CopyResult()
    private let owner: FileOwner?
    private let limit: Int64
    private let device: UInt64
    private let excluded: FileIdentity?

    /// - Parameters:
    ///   - target: an empty directory that nobody else knows.
    ///   - limit: bytes on disk.
    ///   - excluded: a directory that is not copied: the one that copies are made in may lie in the source.
    static func copy(
        _ source: Directory, to target: Directory, owner: FileOwner? = nil, limit: Int64 = .max,
        excluding excluded: FileIdentity? = nil
    ) throws(Failure) -> CopyResult {
        do {
            var copy = try TreeCopy(source, target, owner, limit, excluded)
            try copy.run()
            return copy.result
        } catch let failure as Failure {
            throw failure
        } catch let error as FileError {
            throw .file(error)
        } catch {
            throw .file(FileError("\(error)", code: EIO))
        }
    }

    private init(
        _ source: Directory, _ target: Directory, _ owner: FileOwner?, _ limit: Int64, _ excluded: FileIdentity?
    ) throws {
        let status = try source.status()
        self.source = try TreeCursor(source)
        self.target = try TreeCursor(target)
        self.owner = owner
        self.limit = limit
        self.excluded = excluded
        device = FileIdentity(status).device
        levels = [Level(mode: 0o700)]
    }

    private mutating func run() throws {
        try list()
        while true {
            if let (name, mode) = levels[levels.count - 1].pending.popLast() {
                try enter(name, mode)
            } else {
                try finish(target.here, mode: levels.removeLast().mode)
                if levels.isEmpty { return }
                // The target is ours alone; the source may have been changed, and then goes on higher up.
                let left = source.leave()
                _ = target.leave()
                for _ in 1..<left {
                    levels.removeLast()
                    _ = target.leave()
                }
            }
        }
    }

    private mutating func enter(_ name: FileName, _ mode: mode_t) throws {
        let child: Directory
        do {
            child = try source.here.directory(name)
        } catch {
            // Gone, or no directory any more.
            guard error.code == ENOENT || error.code == ENOTDIR || error.code == ELOOP else { throw error }
            return
        }
        let made = try target.here.make(name)
        try source.enter(child)
        try target.enter(made)
        levels.append(Level(mode: mode & 0o777))
        try list()
    }

    /// Copies what is not a directory, and notes what is.
    private mutating func list() throws {
        for name in try source.here.names() {
            guard let status = try? source.here.status(name) else { continue }
            if FileIdentity(status) == excluded { continue }
            guard FileIdentity(status).device == device else {
                result.skipped += 1
                continue
            }
            if status.isDirectory {
                try charge(status)
                levels[levels.count - 1].pending.append((name, status.st_mode))
            } else if status.isRegular {
                try charge(status)
                try copyFile(name)
            } else if status.isLink {
                try charge(status)
                try copyLink(name)
            } else {
                result.skipped += 1
            }
        }
    }

    private mutating func charge(_ status: stat) throws(Failure) {
        result.bytes += status.allocated
        result.entries += 1
        if result.bytes > limit { throw .tooLarge }
    }

    private mutating func copyFile(_ name: FileName) throws {
        let from = openat(source.here.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        if from < 0, errno == ENOENT || errno == ELOOP { return }
        guard from >= 0 else { throw FileError(name.text) }
        defer { close(from) }
        var status = stat()
        guard fstat(from, &status) == 0 else { throw FileError(name.text) }
        guard status.isRegular else { return }
        let to = openat(target.here.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard to >= 0 else { throw FileError(name.text) }
        defer { close(to) }
        do {
            try content.copy(from: from, to: to, size: Int(status.st_size), allocated: status.allocated)
        } catch {
            throw FileError(name.text, code: error.code)
        }
        if let owner, fchown(to, owner.user, owner.group) != 0 { throw FileError(name.text) }
        guard fchmod(to, status.st_mode & 0o777) == 0 else { throw FileError(name.text) }
        let times = [status.st_atim, status.st_mtim]
        _ = futimens(to, times)
    }

    private func copyLink(_ name: FileName) throws {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlinkat(source.here.descriptor, name, &buffer, buffer.count - 1)
        if count < 0, errno == ENOENT || errno == EINVAL { return }
        guard count >= 0 else { throw FileError(name.text) }
        buffer[count] = 0
        guard symlinkat(buffer, target.here.descriptor, name) == 0 else { throw FileError(name.text) }
        if let owner,
            fchownat(target.here.descriptor, name, owner.user, owner.group, AT_SYMLINK_NOFOLLOW) != 0
        {
            throw FileError(name.text)
        }
    }

    private func finish(_ directory: Directory, mode: mode_t) throws {
        if let owner, fchown(directory.descriptor, owner.user, owner.group) != 0 { throw FileError("a directory") }
        guard fchmod(directory.descriptor, mode) == 0 else { throw FileError("a directory") }
    }
}
