import Foundation
import Synchronization
import Testing

/// Stands for a cluster: a server on the machine's loopback that notes what is posted to it.
final class Cluster: Sendable {
    struct Request: Equatable, Sendable {
        var path: String
        var authorization: String?
        var body: String
    }

    let port: Int
    private let descriptor: Int32
    private let noted = Mutex<[Request]>([])
    private let hold = Mutex(false)

    /// Whether those who poll shall go on polling.
    var isHolding: Bool {
        get { hold.withLock { $0 } }
        set { hold.withLock { $0 = newValue } }
    }

    var requests: [Request] { noted.withLock { $0 } }

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | listen(descriptor, 16) | getsockname(descriptor, $0, &length)
            }
        }
        try #require(result == 0, "no loopback: \(String(cString: strerror(errno)))")
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(descriptor, nil, nil)
                guard client >= 0 else { return }
                self?.serve(client)
                close(client)
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func serve(_ client: Int32) {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let end = text.range(of: "\r\n\r\n") {
                let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
                func field(_ name: String) -> String? {
                    lines.first { $0.lowercased().hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
                }
                let body = text[end.upperBound...]
                if body.utf8.count >= Int(field("content-length") ?? "0") ?? 0 {
                    let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
                    noted.withLock {
                        $0.append(Request(path: path, authorization: field("authorization"), body: String(body)))
                    }
                    let text = path == "/poll" && isHolding ? "wait\n" : "done\n"
                    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n\(text)"
                    _ = send(client, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
                    return
                }
            }
            let count = read(client, &buffer, buffer.count)
            guard count > 0 else { return }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
    }
}
