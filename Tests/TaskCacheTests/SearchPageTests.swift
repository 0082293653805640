import Foundation
import TaskCache
import TaskModel
import Testing

@Suite("Searching for words alone is answered from the index as it is from the table")
struct SearchPageTests {
    private let file: CacheFile
    private let cache: TaskCache

    init() throws {
        file = try CacheFile()
        cache = try file.open()
        let records = try (0..<25).map { number in
            try Records.record(
                Records.snapshot("t\(number)", name: number % 2 == 0 ? "even audit" : "odd audit"),
                offset: Int64(number))
        }
        _ = try cache.fold(records)
    }

    private func list(_ page: Int, _ text: String, project: Int64?) throws -> [UInt8] {
        var query = ListQuery()
        query.page = page
        query.limit = 4
        query.search = text
        query.projectID = project
        return try cache.list(query)
    }

    @Test(
        "Every page and the total are the same", arguments: [1, 2, 3, 4, 9], ["audit", "even", "aud", "nothing", "!"])
    func pages(page: Int, text: String) throws {
        // All tasks are of project 1: naming it takes the other way to the same answer.
        #expect(try list(page, text, project: nil) == list(page, text, project: 1))
    }

    @Test("The newest come first")
    func order() throws {
        let text = String(decoding: try list(1, "even", project: nil), as: UTF8.self)
        let found = text.matches(of: /"task_id":"(t\d+)"/).map { String($0.1) }
        #expect(found == ["t24", "t22", "t20", "t18"])
        #expect(text.contains("\"total\":13,"))
    }
}
