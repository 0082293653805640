internal import GRDB
internal import TaskModel

/// What a batch changes in the account of what attempts have used: their rows at once, the sums over them at the end.
/// Sums are kept so that statistics cost the same at ten attempts and at ten million.
struct UsageDelta {
    private struct Key: Hashable {
        let projectID: Int64
        let dimension: String
        let key: String
    }

    private var changes: [Key: UsageSum] = [:]

    /// Makes `attempts` all that is known of a task. It follows from the task's latest snapshot alone, so the way to it
    /// leaves no trace.
    ///
    /// - Parameter hasRows: whether anything is known of the task yet.
    mutating func replace(
        _ id: TaskID, with attempts: [AttemptUsage], hasRows: Bool, in database: Database
    ) throws {
        var old = hasRows ? try Self.rows(id, database) : [:]
        // One account an attempt, whatever the record says.
        let new = Dictionary(attempts.map { ($0.ref.attempt, $0) }) { _, later in later }
        for (attempt, account) in new {
            let before = old.removeValue(forKey: attempt)
            guard before != account else { continue }
            if let before { add(before, -1) }
            add(account, 1)
            try Self.write(account, database)
        }
        for (attempt, account) in old {
            add(account, -1)
            try database.cachedStatement(sql: "DELETE FROM usage WHERE task_id = ? AND attempt = ?")
                .execute(arguments: [id.text, attempt])
        }
    }

    private mutating func add(_ account: AttemptUsage, _ sign: Int64) {
        for projectID in [account.projectID, StatsDelta.allProjects] {
            for (dimension, key) in [("agent", account.agent), ("day", account.day.description)] {
                changes[Key(projectID: projectID, dimension: dimension, key: key), default: UsageSum()]
                    .add(account.usage, sign)
            }
        }
    }

    private static func rows(_ id: TaskID, _ database: Database) throws -> [Int: AttemptUsage] {
        let statement = try database.cachedStatement(
            sql: "SELECT \(AttemptUsage.columns) FROM usage WHERE task_id = ?")
        let accounts = try Row.fetchAll(statement, arguments: [id.text]).compactMap(AttemptUsage.init)
        return Dictionary(accounts.map { ($0.ref.attempt, $0) }) { _, later in later }
    }

    private static func write(_ account: AttemptUsage, _ database: Database) throws {
        let usage = account.usage
        try database.cachedStatement(
            sql: "INSERT OR REPLACE INTO usage (\(AttemptUsage.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            account.ref.taskID.text, account.ref.attempt, account.projectID, account.agent, account.day.number,
            usage.input, usage.cached, usage.output, usage.costMicros,
        ])
    }

    func write(to database: Database) throws {
        guard !changes.isEmpty else { return }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO usage_sums (project_id, dimension, key, attempts, priced, input, cached, output, cost)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET attempts = attempts + excluded.attempts, priced = priced + excluded.priced,
                    input = input + excluded.input, cached = cached + excluded.cached,
                    output = output + excluded.output, cost = cost + excluded.cost
                """)
        for (key, sum) in changes where sum != UsageSum() {
            try statement.execute(arguments: [
                key.projectID, key.dimension, key.key, sum.attempts, sum.priced, sum.input, sum.cached, sum.output,
                sum.cost,
            ])
        }
    }
}

extension AttemptUsage {
    static let columns = "task_id, attempt, project_id, agent, day, input, cached, output, cost"

    init?(_ row: Row) {
        guard let id = TaskID(row[0]) else { return nil }
        self.init(
            ref: AttemptRef(taskID: id, attempt: row[1]), projectID: row[2], agent: row[3],
            day: UTCDay(number: row[4]),
            usage: TokenUsage(input: row[5], cached: row[6], output: row[7], costMicros: row[8] as Int64?))
    }
}
