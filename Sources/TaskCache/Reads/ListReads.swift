internal import Foundation
internal import GRDB
public import TaskModel

/// What HTTP and the command line ask. Answers are JSON as it goes out, so that the two cannot differ.
extension TaskCache {
    /// Matches of a search that are counted at most; beyond them `total` says that there are more.
    static let countLimit = 10_000

    /// One page: `{items, total, page, limit, pages}`.
    public func list(_ query: ListQuery) throws -> [UInt8] {
        let filter = Filter(query)
        return try database.read { database in
            let total = try filter.count(database)
            let items = try Data.fetchAll(
                database,
                sql: """
                    SELECT snapshot FROM tasks \(filter.clause) ORDER BY \(filter.order(query)) LIMIT ? OFFSET ?
                    """,
                arguments: filter.arguments + [query.limit, (query.page - 1) * query.limit])
            return Self.page(items, total: total, query)
        }
    }

    /// One task, or `nil`.
    public func task(_ id: TaskID) throws -> [UInt8]? {
        try database.read { database in
            try Data.fetchOne(database, sql: "SELECT snapshot FROM tasks WHERE task_id = ?", arguments: [id.text])
                .map { Array($0) }
        }
    }

    /// Tasks with all the words of `text` in name, description or command, newest first.
    public func search(_ text: String, limit: Int) throws -> [UInt8] {
        var query = ListQuery()
        query.search = text
        query.limit = limit
        return try list(query)
    }

    private static func page(_ items: [Data], total: Int, _ query: ListQuery) -> [UInt8] {
        var writer = JSONWriter(capacity: 4096)
        writer.object { writer in
            writer.name("items")
            writer.array { for item in items { $0.value(verbatim: Array(item)) } }
            writer.name("total")
            writer.integer(total)
            if query.search != nil, total >= countLimit {
                writer.name("total_is_capped")
                writer.bool(true)
            }
            writer.name("page")
            writer.integer(query.page)
            writer.name("limit")
            writer.integer(query.limit)
            writer.name("pages")
            writer.integer((total + query.limit - 1) / query.limit)
        }
        return writer.bytes
    }
}

/// The conditions of a query in SQL.
private struct Filter {
    private(set) var conditions: [String] = []
    private(set) var arguments = StatementArguments()
    private let isSearch: Bool

    init(_ query: ListQuery) {
        let match = query.search.flatMap(SearchText.match)
        isSearch = query.search != nil
        add("project_id = ?", query.projectID)
        add("status = ?", query.status?.rawValue)
        add("priority = ?", query.priority?.level)
        add("created_by = ?", query.createdBy)
        add("created_at >= ?", query.from?.milliseconds)
        add("created_at < ?", query.to?.milliseconds)
        if isSearch {
            // A text without a word matches nothing.
            let limit = "ORDER BY rowid DESC LIMIT \(TaskCache.countLimit)"
            add("id IN (SELECT rowid FROM search WHERE search MATCH ? \(limit))", match ?? "\"\u{1}\"")
        }
    }

    private mutating func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        conditions.append(condition)
        arguments += [value]
    }

    var clause: String {
        conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    }

    func order(_ query: ListQuery) -> String {
        let direction = query.order == .ascending ? "ASC" : "DESC"
        // Newest first by row is by far the cheapest order for a search.
        if isSearch, query.sort == .createdAt { return "id \(direction)" }
        return "\(query.sort.rawValue) \(direction), id \(direction)"
    }

    /// How many match. Without conditions the counters know.
    func count(_ database: Database) throws -> Int {
        guard conditions.isEmpty else {
            return try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM tasks \(clause)", arguments: arguments) ?? 0
        }
        return try Int.fetchOne(
            database, sql: "SELECT COALESCE(SUM(count), 0) FROM stats WHERE project_id = ? AND dimension = 'status'",
            arguments: [StatsDelta.allProjects]) ?? 0
    }
}

/// A user's words as a full-text query that they cannot break.
enum SearchText {
    /// Every word must occur; the last may go on (`migr` finds `migration`). `nil` where there is no word.
    static func match(_ text: String) -> String? {
        let words = text.split { !($0.isLetter || $0.isNumber) }
        guard !words.isEmpty else { return nil }
        return words.enumerated().map { "\"\($0.element)\"" + ($0.offset == words.count - 1 ? "*" : "") }
            .joined(separator: " ")
    }
}
