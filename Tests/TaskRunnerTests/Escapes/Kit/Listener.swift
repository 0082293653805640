import Foundation
import Testing

/// A socket of the machine that notes whether anything has arrived.
final class Listener: Sendable {
    private let descriptor: Int32
    private let isStream: Bool
    /// Port of an Internet socket.
    let port: UInt16

    /// On the machine's loopback.
    init(stream: Bool, version6: Bool = false) throws {
        isStream = stream
        let kind = Int32((stream ? SOCK_STREAM : SOCK_DGRAM).rawValue)
        let descriptor = socket(version6 ? AF_INET6 : AF_INET, kind, 0)
        self.descriptor = descriptor
        try #require(descriptor >= 0)
        let bound: Int32
        var address = sockaddr_in()
        var address6 = sockaddr_in6()
        if version6 {
            address6.sin6_family = sa_family_t(AF_INET6)
            address6.sin6_addr = in6addr_loopback
            bound = Self.bind(descriptor, &address6)
        } else {
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            bound = Self.bind(descriptor, &address)
        }
        try #require(bound == 0, "no loopback: \(String(cString: strerror(errno)))")
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutableBytes(of: &address6) { bytes in
            _ = getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        // At the same place in both kinds of address.
        port = UInt16(bigEndian: address6.sin6_port)
        try start()
    }

    /// At a path, or, where `name` begins with @, in the machine's abstract names.
    init(unix name: String) throws {
        isStream = true
        port = 0
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(name.utf8)
        try #require(bytes.count < MemoryLayout.size(ofValue: address.sun_path), "too long for a socket: \(name)")
        withUnsafeMutableBytes(of: &address.sun_path) { path in
            path.copyBytes(from: bytes)
            if name.hasPrefix("@") { path[0] = 0 }
        }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (name.hasPrefix("@") ? 0 : 1))
        let bound = withUnsafeBytes(of: &address) { bytes in
            Glibc.bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), length)
        }
        try #require(bound == 0, "\(name): \(String(cString: strerror(errno)))")
        if !name.hasPrefix("@") { chmod(name, 0o777) }
        try start()
    }

    deinit {
        close(descriptor)
    }

    private func start() throws {
        if isStream { try #require(listen(descriptor, 16) == 0) }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    private static func bind<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32 {
        withUnsafeBytes(of: &address) { bytes in
            Glibc.bind(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
    }

    /// Whether somebody has connected or sent something since the last look.
    func hasHeard() -> Bool {
        if isStream {
            let connection = accept(descriptor, nil, nil)
            guard connection >= 0 else { return false }
            close(connection)
            return true
        }
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, 0) >= 0
    }
}
