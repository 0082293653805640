internal import Foundation

/// An open directory. Names are looked up in it and never through a symbolic link, so that nobody who changes the tree
/// meanwhile leads a look-up elsewhere.
final class Directory {
    let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Opens the directory at a path of the service's own; here links are followed, but for the last name.
    convenience init(path: String) throws(FileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path) }
        self.init(descriptor: descriptor)
    }

    /// Opens a directory in this one. One that forbids reading is opened all the same where it is ours: its owner, a
    /// task, would hide what is in it.
    func directory(_ name: FileName) throws(FileError) -> Directory {
        var child = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if child < 0, errno == EACCES, (try? FileRepair(in: descriptor, name))?.openUp() == true {
            child = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        }
        guard child >= 0 else { throw FileError(name.text) }
        return Directory(descriptor: child)
    }

    /// What the name stands for: of a link the link itself.
    func status(_ name: UnsafePointer<CChar>) throws(FileError) -> stat {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw FileError(String(cString: name))
        }
        return status
    }

    func status() throws(FileError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError("a directory") }
        return status
    }

    /// Makes a directory in this one and opens it.
    func make(_ name: FileName, mode: mode_t = 0o700) throws(FileError) -> Directory {
        guard mkdirat(descriptor, name, mode) == 0 else { throw FileError(name.text) }
        return try directory(name)
    }

    /// The names in it, one by one.
    func stream() throws(FileError) -> DirectoryStream {
        try DirectoryStream(descriptor)
    }

    /// All names in it; for directories that nobody fills with millions.
    func names() throws(FileError) -> [FileName] {
        let stream = try stream()
        var names: [FileName] = []
        while let name = stream.next() {
            names.append(FileName(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
        }
        return names
    }
}

/// Reads a directory entry by entry, in the order that the file system likes.
final class DirectoryStream {
    private let stream: OpaquePointer

    fileprivate init(_ descriptor: Int32) throws(FileError) {
        // A description of its own: reading moves its position.
        let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { throw FileError("a directory") }
        guard let stream = fdopendir(own) else {
            let error = FileError("a directory")
            close(own)
            throw error
        }
        self.stream = stream
    }

    deinit { closedir(stream) }

    /// The next name but `.` and `..`; valid until the next call. `nil` at the end.
    func next() -> UnsafePointer<CChar>? {
        let offset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 19
        while let entry = readdir(stream) {
            let name = (UnsafeRawPointer(entry) + offset).assumingMemoryBound(to: CChar.self)
            if strcmp(name, ".") != 0, strcmp(name, "..") != 0 { return name }
        }
        return nil
    }
}
