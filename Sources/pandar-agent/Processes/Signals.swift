internal import CAgent
internal import Glibc

/// Signals as bytes of a pipe, so that one loop sees all that happens.
enum Signals {
    /// The pipe's writing end, for the handler, which may touch nothing else. Set once, before any signal is caught.
    nonisolated(unsafe) private static var end: Int32 = -1

    /// Catches the signals; gives the end to read their numbers from.
    static func catchAll(_ signals: [Int32]) -> Int32 {
        guard let pipe = Descriptor.pipe(nonBlockingRead: true, nonBlockingWrite: true) else { return -1 }
        end = pipe.write
        for signal in signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                let before = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = Glibc.write(Signals.end, &byte, 1)
                errno = before
            }
            action.sa_flags = SA_RESTART
            sigaction(signal, &action, nil)
        }
        signal(SIGPIPE, SIG_IGN)
        // Whoever started us may have blocked them.
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
        return pipe.read
    }
}
