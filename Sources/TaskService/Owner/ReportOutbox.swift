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

    /// By task, for every snapshot that is folded asks after its task; a task rarely has two.
    private var entries: [TaskID: [Entry]] = [:]

    var isEmpty: Bool { entries.isEmpty }

    var refs: Set<AttemptRef> { Set(entries.values.joined().map(\.report.ref)) }

    /// The attempts of a task whose end is reported here: most often none.
    func refs(of task: TaskID) -> [AttemptRef] {
        entries[task]?.map(\.report.ref) ?? []
    }

    mutating func insert(_ report: RunnerReport, partition: Int32, now: Double) {
        remove(report.ref)
        entries[report.ref.taskID, default: []].append(Entry(report: report, partition: partition, sentAt: now))
    }

    mutating func remove(_ ref: AttemptRef) {
        guard var left = entries[ref.taskID] else { return }
        left.removeAll { $0.report.ref == ref }
        entries[ref.taskID] = left.isEmpty ? nil : left
    }

    /// Those that are due, marked as sent now.
    mutating func due(now: Double) -> [Entry] {
        var due: [Entry] = []
        for (task, ofTask) in entries {
            for (index, entry) in ofTask.enumerated() where now - entry.sentAt >= Self.interval {
                due.append(entry)
                entries[task]?[index].sentAt = now
            }
        }
        return due
    }
}
