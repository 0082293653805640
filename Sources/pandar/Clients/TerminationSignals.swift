internal import Dispatch
internal import Foundation

/// Waits for SIGTERM or SIGINT.
final class TerminationSignals: @unchecked Sendable {
    // Unchecked: the sources are only kept alive; nobody touches them after the initialiser.
    private let stream: AsyncStream<Int32>
    private let sources: [any DispatchSourceSignal]

    /// From here on the signals do not end the process.
    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        self.stream = stream
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield(number) }
            source.resume()
            return source
        }
    }

    /// Waits for the next of them.
    func first() async {
        for await _ in stream { return }
    }
}
