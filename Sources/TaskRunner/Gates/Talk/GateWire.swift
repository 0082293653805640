internal import CProcess
internal import Foundation

/// One connection from a sandbox, on a thread of its own. Blocks, for a bounded time.
struct GateWire: Sendable {
    struct Broken: Error {}

    let descriptor: Int32

    /// Seconds that the other side may take to say what it wants, and to take what it is sent.
    static let patience = 30

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var time = timeval(tv_sec: Self.patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] { setsockopt(descriptor, SOL_SOCKET, option, &time, size) }
    }

    func readExactly(_ count: Int) throws(Broken) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        // What arrives a byte at a time keeps nobody longer than what does not arrive.
        let end = Uptime.now + Double(Self.patience)
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress?.advanced(by: filled), count - filled)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0, Uptime.now < end else { throw Broken() }
            filled += got
        }
        return bytes
    }

    func readFrame() throws(Broken) -> (kind: GateFrame, payload: [UInt8]) {
        let head = try readExactly(5)
        let size = Int(GateFrame.number(head))
        guard size <= GateFrame.largest, let kind = GateFrame(rawValue: head[4]) else { throw Broken() }
        return (kind, try readExactly(size))
    }

    func write(_ bytes: some Collection<UInt8>) throws(Broken) {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Broken() }
            sent += count
        }
    }

    func send(_ kind: GateFrame, _ payload: some Collection<UInt8> = []) throws(Broken) {
        try write(kind.bytes(payload))
    }

    /// Whether the other side has gone.
    var isHungUp: Bool {
        let hangup = Int16(0x2000)  // POLLRDHUP, which Swift's Glibc module does not have
        var polled = [pollfd(fd: descriptor, events: hangup, revents: 0)]
        return poll(&polled, 1, 0) > 0
    }

    func refuse(_ reason: String) { try? send(.refusal, reason.utf8.prefix(4096)) }
}
