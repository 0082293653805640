internal import Foundation
internal import GRDB
public import TaskModel

extension TaskCache {
    /// The contract's statistics as JSON, of one project or of all.
    public func stats(projectID: Int64?, now: Timestamp) throws -> [UInt8] {
        let projectID = projectID ?? StatsDelta.allProjects
        let (counters, usage) = try database.read { database in
            let counters = try Row.fetchAll(
                database, sql: "SELECT dimension, key, count, sum FROM stats WHERE project_id = ? AND count > 0",
                arguments: [projectID]
            ).map { Counter(dimension: $0[0], key: $0[1], count: $0[2], sum: $0[3]) }
            return (counters, try UsageReport(database, projectID: projectID, now: now))
        }
        return StatsReport(counters: counters, usage: usage, hour: now.milliseconds / 3_600_000).json
    }
}

private struct Counter {
    let dimension: String
    let key: String
    let count: Int64
    let sum: Int64
}

/// Statistics as they go out.
private struct StatsReport {
    let counters: [Counter]
    let usage: UsageReport
    /// Hours since 1970, now.
    let hour: Int64

    private func of(_ dimension: String) -> [Counter] {
        counters.filter { $0.dimension == dimension }
    }

    private func count(_ status: TaskStatus) -> Int64 {
        counters.first { $0.dimension == "status" && $0.key == status.rawValue }?.count ?? 0
    }

    var json: [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("total_tasks")
            writer.integer(of("status").reduce(0) { $0 + $1.count })
            for status in TaskStatus.allCases {
                writer.name(escaping: "\(status.rawValue)_tasks")
                writer.integer(count(status))
            }
            let ended = count(.completed) + count(.failed)
            writer.name("success_rate")
            writer.number(ended == 0 ? 0 : Double(count(.completed)) / Double(ended) * 100)
            let durations = of("duration")
            let measured = durations.reduce(0) { $0 + $1.count }
            writer.name("average_duration")
            writer.number(measured == 0 ? 0 : Double(durations.reduce(0) { $0 + $1.sum }) / Double(measured) / 1000)
            writer.name("recovered_tasks")
            writer.integer(of("recovered").reduce(0) { $0 + $1.count })
            writer.name("proxy_answers")
            writer.integer(of("answers").reduce(0) { $0 + $1.sum })
            percentiles("duration_percentiles", durations, &writer)
            percentiles("queue_time_percentiles", of("queue_time"), &writer)
            byStatus("by_agent", of("agent"), &writer)
            byStatus("by_priority", of("priority"), &writer)
            writer.name("waiting_by_gate")
            writer.object { writer in
                for counter in of("gate") {
                    writer.name(escaping: counter.key)
                    writer.integer(counter.count)
                }
            }
            writer.name("usage")
            usage.write(to: &writer)
            writer.name("by_hour")
            writer.array { writer in
                for counter in of("hour") {
                    guard let hour = Int64(counter.key), hour > self.hour - 24 else { continue }
                    writer.object {
                        $0.optional("hour", Timestamp(milliseconds: hour * 3_600_000))
                        $0.name("tasks")
                        $0.integer(counter.count)
                    }
                }
            }
        }
        return writer.bytes
    }

    /// Seconds.
    private func percentiles(_ name: StaticString, _ counters: [Counter], _ writer: inout JSONWriter) {
        let buckets = counters.map { (key: $0.key, count: $0.count) }
        writer.name(name)
        writer.object { writer in
            for (label, share) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99)] {
                guard let value = Histogram.percentile(share, of: buckets) else { continue }
                writer.name(escaping: label)
                writer.number(value / 1000)
            }
        }
    }

    private func byStatus(_ name: StaticString, _ counters: [Counter], _ writer: inout JSONWriter) {
        var groups: [String: [(String, Int64)]] = [:]
        for counter in counters {
            guard let bar = counter.key.lastIndex(of: "|") else { continue }
            groups[String(counter.key[..<bar]), default: []]
                .append((String(counter.key[counter.key.index(after: bar)...]), counter.count))
        }
        writer.name(name)
        writer.object { writer in
            for (group, statuses) in groups.sorted(by: { $0.key < $1.key }) {
                writer.name(escaping: group)
                writer.object { writer in
                    for (status, count) in statuses {
                        writer.name(escaping: status)
                        writer.integer(count)
                    }
                }
            }
        }
    }
}

extension JSONWriter {
    /// A decimal number with three places.
    fileprivate mutating func number(_ value: Double) {
        seconds(milliseconds: Int64((value * 1000).rounded()))
    }
}
