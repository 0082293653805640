internal import Glibc

/// File descriptors, without anything around them.
enum Descriptor {
    /// A pipe that children do not inherit; the given ends do not block.
    static func pipe(nonBlockingRead: Bool = false, nonBlockingWrite: Bool = false) -> (read: Int32, write: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { return nil }
        ends.forEach(closeOnExec)
        if nonBlockingRead { doNotBlock(ends[0]) }
        if nonBlockingWrite { doNotBlock(ends[1]) }
        return (ends[0], ends[1])
    }

    static func closeOnExec(_ descriptor: Int32) { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }

    static func doNotBlock(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// What is there to read now, up to a piece's size; `nil` at the end.
    static func read(_ descriptor: Int32) -> [UInt8]? {
        while true {
            var failure: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: 64 << 10) { buffer, count in
                let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                failure = got < 0 ? errno : got == 0 ? -1 : 0
                count = max(0, got)
            }
            switch failure {
            case EINTR: continue
            case 0, EAGAIN: return bytes
            default: return nil
            }
        }
    }

    /// Writes what can be written now, and takes it off `bytes`. `false` when nobody reads any more.
    static func write(_ descriptor: Int32, _ bytes: inout [UInt8]) -> Bool {
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN
            }
            bytes.removeFirst(written)
        }
        return true
    }

    @discardableResult
    static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            guard write(descriptor, &rest) else { return false }
            guard !rest.isEmpty else { break }
            var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&ready, 1, -1)
        }
        return true
    }

    static func readFile(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while let piece = read(descriptor) { bytes += piece }
        return bytes
    }

    /// Milliseconds of a clock that is not set.
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
