internal import GRDB
internal import TaskModel

/// What agents have used, as statistics tell it.
struct UsageReport {
    private typealias Line = (key: String, sum: UsageSum)

    private var agents: [Line] = []
    private var projects: [Line] = []
    private var days: [Line] = []

    /// Days that are told one by one, the present one included.
    private static let dayCount: Int64 = 30
    /// Projects that are told one by one: those that have used most.
    private static let projectCount = 1000

    /// - Parameter projectID: one project, or `StatsDelta.allProjects`.
    init(_ database: Database, projectID: Int64, now: Timestamp) throws {
        let first = UTCDay(now).adding(days: 1 - Self.dayCount)
        agents = try Self.lines(
            database, "SELECT key, \(UsageSum.columns) FROM usage_sums WHERE project_id = ? AND dimension = 'agent'",
            [projectID])
        days = try Self.lines(
            database,
            "SELECT key, \(UsageSum.columns) FROM usage_sums WHERE project_id = ? AND dimension = 'day' AND key >= ?",
            [projectID, first.description])
        if projectID == StatsDelta.allProjects {
            projects = try Self.lines(
                database,
                """
                SELECT CAST(project_id AS TEXT), SUM(attempts), SUM(priced), SUM(input), SUM(cached), SUM(output),
                    SUM(cost) FROM usage_sums
                WHERE project_id > 0 AND dimension = 'agent' GROUP BY project_id
                ORDER BY SUM(input) + SUM(output) DESC LIMIT \(Self.projectCount)
                """, [])
        } else if !agents.isEmpty {
            projects = [(String(projectID), total)]
        }
    }

    private static func lines(
        _ database: Database, _ sql: String, _ arguments: StatementArguments
    ) throws -> [Line] {
        try Row.fetchAll(database, sql: sql, arguments: arguments)
            .map { (key: $0[0] as String, sum: UsageSum($0)) }
            .filter { $0.sum.attempts > 0 }
    }

    private var total: UsageSum { agents.reduce(UsageSum()) { $0 + $1.sum } }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("total")
            total.write(to: &writer)
            groups("by_agent", agents.sorted { $0.key < $1.key }, &writer)
            groups("by_project", projects.sorted { (Int64($0.key) ?? 0) < (Int64($1.key) ?? 0) }, &writer)
            writer.name("by_day")
            writer.array { writer in
                for line in days.sorted(by: { $0.key < $1.key }) { line.sum.write(to: &writer, day: line.key) }
            }
        }
    }

    private func groups(_ name: StaticString, _ lines: [Line], _ writer: inout JSONWriter) {
        writer.name(name)
        writer.object { writer in
            for line in lines {
                writer.name(escaping: line.key)
                line.sum.write(to: &writer)
            }
        }
    }
}
