internal import Foundation

/// Accepts connections on a fixed port and passes their bytes on to another port of this machine. The mock cluster's
/// own ports are ephemeral; only the first connection of a client comes this way, later ones follow the advertised
/// port. So two small threads a connection are enough.
final class PortForwarder: @unchecked Sendable {
    // Unchecked: the descriptor is set once.
    private let listener: Int32
    private let accepting: PollThread

    init(host: String, port: UInt16, to target: UInt16) throws(KafkaError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let isBound = Self.withAddress(host == "localhost" ? "127.0.0.1" : host, port) {
            Glibc.bind(descriptor, $0, $1)
        }
        guard isBound == 0, listen(descriptor, 64) == 0 else {
            let reason = String(cString: strerror(errno))
            Glibc.close(descriptor)
            throw KafkaError(
                .configuration,
                "The embedded broker cannot listen on \(host):\(port): \(reason). Choose another port, "
                    + "or 0 for any.")
        }
        listener = descriptor
        accepting = PollThread(name: "kafka-forwarder") { Self.accept(descriptor, target) }
    }

    deinit {
        accepting.stop()
        shutdown(listener, Int32(SHUT_RDWR))
        // Closed only when nobody uses the number any more: the next socket of the process may get it.
        accepting.join()
        Glibc.close(listener)
    }

    private static func accept(_ listener: Int32, _ target: UInt16) {
        let client = Glibc.accept(listener, nil, nil)
        guard client >= 0 else {
            // The listener is closed; the thread is about to be stopped.
            poll(nil, 0, 100)
            return
        }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard withAddress("127.0.0.1", target, { connect(server, $0, $1) }) == 0 else {
            Glibc.close(client)
            Glibc.close(server)
            return
        }
        let connection = Connection(client, server)
        for isUpstream in [true, false] {
            let thread = Thread { connection.pump(isUpstream) }
            thread.stackSize = 1 << 17
            thread.start()
        }
    }

    private static func withAddress(
        _ host: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        guard inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            errno = EINVAL
            return -1
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// Two sockets whose bytes go to each other. Closed when both directions have ended.
private final class Connection: @unchecked Sendable {
    // Unchecked: the descriptors are set once; `deinit` runs when both threads have let go.
    private let client: Int32
    private let server: Int32

    init(_ client: Int32, _ server: Int32) {
        self.client = client
        self.server = server
    }

    deinit {
        Glibc.close(client)
        Glibc.close(server)
    }

    func pump(_ isUpstream: Bool) {
        let (from, to) = isUpstream ? (client, server) : (server, client)
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(from, &buffer, buffer.count, 0)
            guard count > 0, sendAll(to, buffer, count) else { break }
        }
        shutdown(from, Int32(SHUT_RD))
        shutdown(to, Int32(SHUT_WR))
    }

    private func sendAll(_ descriptor: Int32, _ buffer: [UInt8], _ count: Int) -> Bool {
        var sent = 0
        while sent < count {
            let step = buffer.withUnsafeBytes {
                send(descriptor, $0.baseAddress.map { $0 + sent }, count - sent, Int32(MSG_NOSIGNAL))
            }
            guard step > 0 else { return false }
            sent += step
        }
        return true
    }
}
