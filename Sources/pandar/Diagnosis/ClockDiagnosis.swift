internal import CProcess
internal import Foundation

/// Whether the wall clock is kept right. Schedules and expiries go by it; leases do not.
enum ClockDiagnosis {
    /// The kernel's own knowledge of its clock.
    struct State: Hashable, Sendable {
        let isSynchronised: Bool
        /// Microseconds, as the kernel estimates it.
        let largestError: Int
    }

    /// Seconds of error from which on schedules and expiries are noticeably off.
    private static let tolerance = 1.0

    static func finding() -> Finding {
        var isSynchronised: Int32 = 0
        var largestError = 0
        guard pandar_clock_state(&isSynchronised, &largestError) == 0 else {
            return Finding(.warn, "clock", "its state is unknown")
        }
        return finding(State(isSynchronised: isSynchronised != 0, largestError: largestError))
    }

    static func finding(_ state: State) -> Finding {
        let seconds = Double(state.largestError) / 1_000_000
        guard state.isSynchronised else {
            return Finding(
                .warn, "clock", "nothing keeps it in time",
                remedy: "run chrony or systemd-timesyncd: schedules and expiries go by the wall clock")
        }
        return seconds < tolerance
            ? Finding(.ok, "clock", "synchronised, right to \(String(format: "%.3f", seconds)) s")
            : Finding(
                .warn, "clock", "synchronised, but possibly off by \(String(format: "%.1f", seconds)) s",
                remedy: "look at `chronyc tracking` or `timedatectl timesync-status`")
    }
}
