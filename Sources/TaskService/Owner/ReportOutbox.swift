internal import TaskCache
internal import TaskModel
internal import TaskRunner

/// Reports that an attempt makes once (its end, what it did with an approval) until it is certain that an owner has taken
/// them in. A report that is sent twice changes nothing.
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

    /// Whether a report is one of those that nobody repeats.
    static func mustArrive(_ report: RunnerReport) -> Bool {
        report.kind == .finished || (report.kind == .acted && report.act?.confirmationID != QuestionAnswer.ungated)
    }

    /// The attempts whose end is reported here.
    var refs: Set<AttemptRef> { Set(entries.values.joined().filter { $0.report.kind == .finished }.map(\.report.ref)) }

    mutating func insert(_ report: RunnerReport, partition: Int32, now: Double) {
        remove(report)
        entries[report.ref.taskID, default: []].append(Entry(report: report, partition: partition, sentAt: now))
    }

    mutating func remove(_ report: RunnerReport) {
        removeAll(of: report.ref.taskID) {
            $0.ref == report.ref && $0.kind == report.kind && $0.act?.confirmationID == report.act?.confirmationID
        }
    }

    /// A snapshot tells that reports were taken in, or came to nothing.
    mutating func settle(_ task: AppliedTask) {
        removeAll(of: task.id) { report in
            guard let act = report.act, report.kind == .acted else { return task.isPast(report.ref) }
            return task.status.isTerminal || task.acts.contains(act.confirmationID)
        }
    }

    private mutating func removeAll(of task: TaskID, where isSettled: (RunnerReport) -> Bool) {
        guard var left = entries[task] else { return }
        left.removeAll { isSettled($0.report) }
        entries[task] = left.isEmpty ? nil : left
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
