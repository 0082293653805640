internal import Agents
internal import Glibc

/// Where reports go: a descriptor that we were given, or a Unix socket. Who does not listen misses them.
struct ReportSink {
    private var descriptor: Int32 = -1

    init(_ place: String?) {
        guard let place else { return }
        if place.hasPrefix("fd:") {
            descriptor = Int32(place.dropFirst(3)) ?? -1
        } else {
            descriptor = Self.connect(place)
        }
        if descriptor >= 0 { Descriptor.closeOnExec(descriptor) }
    }

    mutating func send(_ report: AgentReport) {
        guard descriptor >= 0, !Descriptor.writeAll(descriptor, report.line) else { return }
        close(descriptor)
        descriptor = -1
    }

    private static func connect(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let size = MemoryLayout.size(ofValue: address.sun_path)
        guard descriptor >= 0, path.utf8.count < size else { return -1 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, length) }
        }
        guard status == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }
}
