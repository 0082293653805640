#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A listening socket could not be made.
public struct EgressSocketError: Error, Sendable, CustomStringConvertible {
    public let path: String
    public let detail: String

    public var description: String { "egress socket \(path): \(detail)" }
}

/// A Unix socket that is bound and not yet listening, so that nobody connects before its mode is set.
struct UnixSocket {
    let descriptor: Int32
    private let path: String
    private let device: UInt64
    private let inode: UInt64

    /// Binds it. A socket that a dead process left there is replaced; anything else is left alone.
    init(path: String, mode: UInt32) throws(EgressSocketError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity, !path.utf8.contains(0) else {
            throw EgressSocketError(
                path: path, detail: "the path has more than \(capacity - 1) bytes; use a shorter one")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
        #if canImport(Glibc)
            let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        #else
            let type = SOCK_STREAM
        #endif
        let descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw Self.failure(path, "socket") }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, chmod(path, mode_t(mode)) == 0, lstat(path, &status) == 0 else {
            let error = Self.failure(path, bound == 0 ? "chmod" : "bind")
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.path = path
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    /// Removes the file, if it is still this socket's.
    func unlinkFile() {
        var status = stat()
        guard lstat(path, &status) == 0, UInt64(status.st_dev) == device, UInt64(status.st_ino) == inode else { return }
        unlink(path)
    }

    private static func failure(_ path: String, _ call: String) -> EgressSocketError {
        EgressSocketError(path: path, detail: "\(call): \(String(cString: strerror(errno)))")
    }
}
