import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A TCP server on loopback with a thread for each connection.
final class LoopbackServer: Sendable {
    let port: Int
    private let descriptor: Int32
    private let accepted = Mutex(0)

    /// How many connections came.
    var connections: Int { accepted.withLock { $0 } }

    init(_ serve: @escaping @Sendable (TestSocket) throws -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = TestSocket.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | listen(descriptor, 256) | getsockname(descriptor, $0, &length)
            }
        }
        guard result == 0 else { throw TestSocket.Failure(call: "listen", code: errno) }
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else { return }
                self?.accepted.withLock { $0 += 1 }
                Thread.detachNewThread { try? serve(TestSocket(adopting: client)) }
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// Answers a request of up to `length` bytes of body with what it was.
    static func echoingHead(bodyLength length: Int = 0) throws -> LoopbackServer {
        try LoopbackServer { socket in
            let head = try socket.receive(until: "\r\n\r\n")
            var body: [UInt8] = []
            while body.count < length { body += try socket.receive(upTo: length - body.count) }
            let text = head + String(decoding: body, as: UTF8.self)
            try socket.send(
                "HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\nConnection: keep-alive\r\n\r\n\(text)")
            _ = try socket.receive()
        }
    }

    /// Sends back all that it gets.
    static func echo() throws -> LoopbackServer {
        try LoopbackServer { socket in
            while true {
                let bytes = try socket.receive()
                if bytes.isEmpty { break }
                try socket.send(bytes)
            }
        }
    }
}
