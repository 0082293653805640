internal import Foundation
internal import GRDB
internal import TaskModel

/// What a batch changes in the counters. The counters are kept so that statistics cost the same at ten tasks and at ten
/// million.
struct StatsDelta {
    struct Key: Hashable {
        let projectID: Int64
        let dimension: String
        let key: String
    }

    /// The project under which the sums over all projects stand. Real ones are positive.
    static let allProjects: Int64 = 0

    private var changes: [Key: (count: Int64, sum: Int64)] = [:]

    /// Counts a task as `new`, no longer as `old`; `nil` is a task that is not there.
    mutating func change(from old: TaskRow?, to new: TaskRow?) {
        if let old { add(old, -1, unlike: new) }
        if let new { add(new, 1, unlike: old) }
    }

    /// Counts in (`sign` 1) or out (-1) what `row` does not share with `other`: the rest would cancel out.
    private mutating func add(_ row: TaskRow, _ sign: Int64, unlike other: TaskRow?) {
        let other = other?.projectID == row.projectID ? other : nil
        if row.status != other?.status { add(row, "status", row.status.rawValue, sign) }
        if row.status != other?.status || row.priority != other?.priority {
            add(row, "priority", "\(row.priority.rawValue)|\(row.status.rawValue)", sign)
        }
        if let agent = row.agent, row.status != other?.status || agent != other?.agent {
            add(row, "agent", "\(agent)|\(row.status.rawValue)", sign)
        }
        if let gate = row.gate, gate != other?.gate { add(row, "gate", gate, sign) }
        if row.createdAt != other?.createdAt { add(row, "hour", String(row.createdAt / 3_600_000), sign) }
        if let startedAt = row.startedAt, startedAt != other?.startedAt || row.createdAt != other?.createdAt {
            let queued = max(0, startedAt - row.createdAt)
            add(row, "queue_time", Histogram.bucket(of: queued), sign, queued)
        }
        if let duration = row.measuredDuration, duration != other?.measuredDuration {
            add(row, "duration", Histogram.bucket(of: duration), sign, duration)
        }
        if let agent = row.recoveredBy, agent != other?.recoveredBy { add(row, "recovered", agent, sign) }
        if row.answers > 0, row.answers != other?.answers { add(row, "answers", "", sign, row.answers) }
    }

    private mutating func add(_ row: TaskRow, _ dimension: String, _ key: String, _ sign: Int64, _ value: Int64 = 0) {
        for projectID in [row.projectID, Self.allProjects] {
            let key = Key(projectID: projectID, dimension: dimension, key: key)
            let known = changes[key] ?? (0, 0)
            changes[key] = (known.count + sign, known.sum + sign * value)
        }
    }

    func write(to database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO stats (project_id, dimension, key, count, sum) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET count = count + excluded.count, sum = sum + excluded.sum
                """)
        for (key, change) in changes where change != (0, 0) {
            try statement.execute(arguments: [key.projectID, key.dimension, key.key, change.count, change.sum])
        }
    }
}

extension TaskRow {
    /// The duration that counts: of tasks that ran to an end of their own.
    fileprivate var measuredDuration: Int64? {
        status == .completed || status == .failed ? duration : nil
    }
}

/// A logarithmic histogram: four buckets for each doubling, so a percentile is right to 19 %.
enum Histogram {
    /// The bucket of a duration in milliseconds. Zero-padded, so that text order is the order of durations.
    static func bucket(of milliseconds: Int64) -> String {
        let index = Int((log2(Double(milliseconds) + 1) * 4).rounded(.down))
        return index < 10 ? "00\(index)" : index < 100 ? "0\(index)" : "\(index)"
    }

    /// The upper end of a bucket, in milliseconds.
    static func upperEnd(of bucket: String) -> Double {
        pow(2, (Double(bucket) ?? 0) / 4 + 0.25) - 1
    }

    /// The value below which `share` (0–1) of the counts lie, in milliseconds.
    static func percentile(_ share: Double, of buckets: [(key: String, count: Int64)]) -> Double? {
        let total = buckets.reduce(0) { $0 + $1.count }
        guard total > 0 else { return nil }
        var seen: Int64 = 0
        for bucket in buckets.sorted(by: { $0.key < $1.key }) {
            seen += bucket.count
            if Double(seen) >= share * Double(total) { return upperEnd(of: bucket.key) }
        }
        return nil
    }
}
