import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A blocking stream socket; no call waits longer than half a minute.
final class TestSocket: Sendable {
    struct Failure: Error { let call: String, code: Int32 }

    let descriptor: Int32

    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit { close(descriptor) }

    convenience init(unix path: String) throws {
        self.init(adopting: socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try call("connect") {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
    }

    convenience init(port: Int) throws {
        self.init(adopting: socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0))
        var address = Self.loopback(port)
        try call("connect") {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }

    static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private func call(_ name: String, _ body: () -> Int32) throws {
        guard body() == 0 else { throw Failure(call: name, code: errno) }
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count { sent += try sendSome(bytes, from: sent) }
    }

    func sendSome(_ bytes: [UInt8], from start: Int) throws -> Int {
        let count = bytes[start...].withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { throw Failure(call: "send", code: errno) }
        return count
    }

    /// - Returns: nothing at the end of the stream.
    func receive(upTo limit: Int = 65_536) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = recv(descriptor, &buffer, limit, 0)
        guard count >= 0 else { throw Failure(call: "recv", code: errno) }
        return Array(buffer[..<count])
    }

    func receive(until end: String) throws -> String {
        var text: [UInt8] = []
        // By bytes: "\r\n" is one character, which does not end with "\n".
        while !text.suffix(end.utf8.count).elementsEqual(end.utf8) {
            let bytes = try receive(upTo: 1)
            guard !bytes.isEmpty else { break }
            text += bytes
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// All until the end, or until the connection breaks.
    func receiveAll() -> [UInt8] {
        var all: [UInt8] = []
        while let bytes = try? receive(), !bytes.isEmpty { all += bytes }
        return all
    }

    func receiveText() -> String { String(decoding: receiveAll(), as: UTF8.self) }

    func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The peer sees a reset.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}
