internal import Foundation

/// The listening socket of one attempt.
struct GateSocket: Sendable {
    let descriptor: Int32
    let path: String

    init(path: String) throws(SpawnError) {
        self.path = path
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path), !path.utf8.contains(0) else {
            throw SpawnError(description: "no socket for the gates: the path \(path) is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw Self.failure() }
        unlink(path)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        // It stands in a directory of the service's own: only who is shown it can get at it.
        guard bound == 0, chmod(path, 0o666) == 0, listen(descriptor, 64) == 0 else {
            let error = Self.failure()
            Foundation.close(descriptor)
            unlink(path)
            throw error
        }
    }

    /// A connection that waits; `nil` when none does.
    func accept() -> Int32? {
        let connection = Foundation.accept(descriptor, nil, nil)
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        return connection
    }

    func close() {
        Foundation.close(descriptor)
        unlink(path)
    }

    private static func failure() -> SpawnError {
        SpawnError(description: "no socket for the gates: \(String(cString: strerror(errno)))")
    }
}
