internal import Glibc

/// Everything below this process, whatever sessions and groups it made for itself.
enum Descendants {
    /// Kills and reaps until there are none. Orphans come to us, so nobody gets away.
    static func end() {
        while case let all = children(), !all.isEmpty {
            for child in all { kill(child, SIGKILL) }
            guard waitpid(-1, nil, 0) > 0 || errno == EINTR else { return }
        }
    }

    private static func children() -> [pid_t] {
        guard let folder = opendir("/proc") else { return [] }
        defer { closedir(folder) }
        var found: [pid_t] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let pid = pid_t(name), parent(of: name) == getpid() else { continue }
            found.append(pid)
        }
        return found
    }

    /// The second field after the name, which stands in parentheses and may hold anything.
    private static func parent(of process: String) -> pid_t? {
        guard let bytes = Descriptor.readFile("/proc/\(process)/stat") else { return nil }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
        return fields.flatMap { $0.count > 1 ? pid_t($0[1]) : nil }
    }
}
