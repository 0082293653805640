import TaskCache
import TaskModel
import Testing

@Suite("Lists are filtered, sorted and paged; searches cannot be broken")
struct ListTests {
    private let cache: TaskCache

    init() throws {
        cache = try CacheFile().open()
        let priorities = TaskPriority.allCases
        let statuses = TaskStatus.allCases
        var snapshots: [TaskSnapshot] = []
        for index in 0..<24 {
            let command = index == 5 ? "Überprüfe naïve café --fix" : "codex audit"
            snapshots.append(
                try Records.snapshot(
                    Self.id(index), status: statuses[index % 6], project: Int64(index % 2 + 1),
                    priority: priorities[index % 4], name: "Name \(23 - index)", command: command,
                    createdBy: .string("user-\(index % 3)"), created: Records.day.adding(seconds: Int64(index) * 60)))
        }
        _ = try cache.fold(snapshots.enumerated().map { Records.record($1, offset: Int64($0)) })
    }

    private static func id(_ index: Int) -> String { index < 10 ? "t-0\(index)" : "t-\(index)" }

    private func ids(_ change: (inout ListQuery) -> Void) throws -> [String] {
        var query = ListQuery()
        query.limit = 100
        change(&query)
        return try JSONText(cache.list(query)).ids
    }

    @Test("Newest first, a page at a time, with totals")
    func pages() throws {
        var query = ListQuery()
        var seen: [String] = []
        for page in 1...4 {
            query.page = page
            let answer = try JSONText(cache.list(query))
            seen += answer.ids
            #expect(answer.integer("total") == 24)
            #expect(answer.integer("pages") == 3)
            #expect(answer.integer("page") == Int64(page))
            #expect(answer.integer("limit") == 10)
            #expect(answer.ids.count == [10, 10, 4, 0][page - 1])
        }
        #expect(seen == (0..<24).reversed().map(Self.id))
    }

    @Test("Each filter alone and all together")
    func filters() throws {
        #expect(try ids { $0.projectID = 2 }.count == 12)
        #expect(try ids { $0.status = .running }.count == 4)
        #expect(try ids { $0.priority = .urgent } == ["t-23", "t-19", "t-15", "t-11", "t-07", "t-03"])
        #expect(try ids { $0.createdBy = "user-1" }.count == 8)
        #expect(try ids { $0.from = Records.day.adding(seconds: 1320) } == ["t-23", "t-22"])
        #expect(try ids { $0.to = Records.day.adding(seconds: 60) } == ["t-00"])
        #expect(
            try ids {
                $0.projectID = 2
                $0.status = .running
                $0.priority = .urgent
                $0.createdBy = "user-1"
                $0.search = "audit"
                $0.from = Records.day
                $0.to = Records.day.adding(seconds: 3600)
            } == ["t-19", "t-07"])
        #expect(try ids { $0.createdBy = "' OR 1=1 --" } == [])
    }

    @Test("Every order, both ways", arguments: ListQuery.Sort.allCases, ListQuery.Order.allCases)
    func sorting(sort: ListQuery.Sort, order: ListQuery.Order) throws {
        let found = try ids {
            $0.sort = sort
            $0.order = order
        }
        let other = try ids {
            $0.sort = sort
            $0.order = order == .ascending ? .descending : .ascending
        }
        #expect(found == other.reversed())
        #expect(Set(found).count == 24)
        let ascending = order == .ascending ? found : other
        let first = try #require(ascending.first)
        switch sort {
        case .createdAt, .updatedAt: #expect(first == "t-00")
        case .priority: #expect(ascending.prefix(6).allSatisfy { (Int($0.dropFirst(2)) ?? 1) % 4 == 0 })
        case .status: #expect(ascending.prefix(4).allSatisfy { (Int($0.dropFirst(2)) ?? 0) % 6 == 5 })
        case .name: #expect(first == "t-23")
        }
    }

    @Test("Words are found whole or as beginnings, in any case, without their accents")
    func search() throws {
        func found(_ text: String) throws -> [String] { try JSONText(cache.search(text, limit: 10)).ids }
        #expect(try found("ÜBERPRÜFE") == ["t-05"])
        #expect(try found("uberpr") == ["t-05"])
        #expect(try found("cafe naive") == ["t-05"])
        #expect(try found("cafe codex") == [])
        #expect(try found("audit").count == 10)
        #expect(try found("name 3") == ["t-20"])
    }

    @Test(
        "No text is an error, and none means anything but its words",
        arguments: [
            "\"", "'", "a\"b", "*", "a*", "-codex", "codex OR cafe", "NOT codex", "NEAR(codex audit)", "name:codex",
            "(", ")",
            "codex AND", "{name}: codex", "^codex", "\u{0}", "codex\u{0}audit", "", " ", "🐼", "ⅷ ²", "e\u{301}",
            "\u{301}",
            "+", "codex + audit", "; DROP TABLE tasks", "%", "_", "日本語", "\u{1}", "\\",
            String(repeating: "a ", count: 2000),
        ])
    func hostile(text: String) throws {
        let answer = try JSONText(cache.search(text, limit: 10))
        let words = text.split { !($0.isLetter || $0.isNumber) }.map { $0.lowercased() }
        if words == ["codex"] || words == ["codex", "audit"] {
            #expect(answer.integer("total") == 23)
        } else {
            #expect(words != ["a"] || answer.integer("total") > 0)
        }
        #expect(try JSONText(cache.stats(projectID: nil, now: Records.day)).integer("total_tasks") == 24)
    }
}
