internal import TaskModel

/// Keeps a flood of dead letters or lost attempts from becoming a flood of alerts: the first of a code in a minute is
/// told at once, what follows in that minute is counted and told with the next.
///
/// The count is kept in memory alone: a new owner counts from zero, and its first alert of a minute has the id of the
/// former owner's. What must add up is the metrics and the dead-letter topic.
struct AlertWindows: Sendable {
    struct Alert: Hashable {
        /// Which minute since 1970 it is about; with the code and the partition it makes the id.
        let window: Int64
        /// How many of the code there were since the alert before it, this one among them.
        let count: Int
    }

    private struct Code {
        var window: Int64
        var untold = 0
    }

    // As many as there are codes, which are a closed set.
    private var codes: [String: Code] = [:]

    /// Counts one more of `code`; what to tell of it, or `nil` when this minute has had its alert.
    mutating func note(_ code: String, now: Timestamp) -> Alert? {
        let window = SystemAlert.window(of: now)
        var entry = codes[code] ?? Code(window: .min)
        defer { codes[code] = entry }
        entry.untold += 1
        // A clock that was set back does not tell a minute twice.
        guard window > entry.window else { return nil }
        entry.window = window
        defer { entry.untold = 0 }
        return Alert(window: window, count: entry.untold)
    }
}
