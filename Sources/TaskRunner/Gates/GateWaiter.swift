internal import CProcess
internal import Foundation
internal import Synchronization
internal import TaskModel

/// One that waits for an answer, and notices when whoever it waits for goes away.
final class GateWaiter: Sendable {
    private let ends: [Int32]
    private let given = Mutex<QuestionAnswer?>(nil)

    init?() {
        var ends: [Int32] = [-1, -1]
        guard pandar_pipe(&ends) == 0 else { return nil }
        self.ends = ends
    }

    deinit {
        for end in ends { close(end) }
    }

    var answer: QuestionAnswer? { given.withLock { $0 } }

    /// Ends the waiting; with `nil`: without an answer.
    func wake(_ answer: QuestionAnswer?) {
        given.withLock { $0 = $0 ?? answer }
        var byte: UInt8 = 0
        // The pipe is empty: it takes a byte at once.
        _ = write(ends[1], &byte, 1)
    }

    /// - Parameter connection: whose end is the end of waiting.
    func wait(while connection: Int32) -> QuestionAnswer? {
        let hangup = Int16(0x2000)  // POLLRDHUP, which Swift's Glibc module does not have
        while true {
            var polled = [
                pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0),
                pollfd(fd: connection, events: hangup, revents: 0),
            ]
            guard poll(&polled, 2, -1) >= 0 || errno == EINTR else { return answer }
            if polled[0].revents != 0 || polled[1].revents != 0 { return answer }
        }
    }
}
