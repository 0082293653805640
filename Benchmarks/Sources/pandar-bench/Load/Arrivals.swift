import Foundation
import Synchronization

/// When what was sent arrived.
final class Arrivals: Sendable {
    private struct State {
        var sent: [String: Double] = [:]
        var milliseconds: [Double] = []
    }

    private let state = Mutex(State())
    let progress = Progress(window: .max)

    /// Seconds since 1970: other processes on this machine have the same clock.
    static var now: Double {
        Date().timeIntervalSince1970
    }

    func sent(_ id: String) {
        let now = Self.now
        state.withLock { $0.sent[id] = now }
    }

    /// - Parameter at: `nil` for now.
    func arrived(_ id: String, at moment: Double? = nil) {
        let moment = moment ?? Self.now
        let isNew = state.withLock { state in
            guard let sent = state.sent.removeValue(forKey: id) else { return false }
            state.milliseconds.append((moment - sent) * 1000)
            return true
        }
        if isNew { progress.done(1) }
    }

    var latencies: Latencies { Latencies(state.withLock(\.milliseconds)) }
}
