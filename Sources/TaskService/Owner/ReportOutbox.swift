internal import TaskModel
internal import TaskRunner

/// Finished reports until it is certain that an owner has taken them in. A report that is sent twice changes nothing.
struct ReportOutbox {
    struct Entry {
        let report: RunnerReport
        let partition: Int32
        /// Uptime.
        var sentAt: Double
    }

    /// Seconds after which an unanswered report is sent again.
    static let interval = 5.0

    private(set) var entries: [AttemptRef: Entry] = [:]

    var refs: Set<AttemptRef> { Set(entries.keys) }

    /// The attempts of a task whose end is reported here: most often none.
    func refs(of task: TaskID) -> [AttemptRef] {
        entries.isEmpty ? [] : entries.keys.filter { $0.taskID == task }
    }

    mutating func insert(_ report: RunnerReport, partition: Int32, now: Double) {
        entries[report.ref] = Entry(report: report, partition: partition, sentAt: now)
    }

    mutating func remove(_ ref: AttemptRef) {
        entries[ref] = nil
    }

    /// Those that are due, marked as sent now.
    mutating func due(now: Double) -> [Entry] {
        var due: [Entry] = []
        for (ref, entry) in entries where now - entry.sentAt >= Self.interval {
            due.append(entry)
            entries[ref]?.sentAt = now
        }
        return due
    }
}
