import TaskCache
import TaskModel
import Testing

/// Where records of a task follow each other in one batch, only the last is read whole: what its head promises must be
/// what it holds.
@Suite("Records whose head tells less than all")
struct FoldHeadTests {
    private func record(_ id: String, _ json: String, offset: Int64) -> CachedRecord {
        CachedRecord(partition: 0, offset: offset, timestampMs: 0, key: Array(id.utf8), value: Array(json.utf8))
    }

    /// The JSON of a snapshot with one text in it replaced.
    private func json(_ id: String, version: Int64, _ old: String = "", _ new: String = "") throws -> String {
        let json = String(decoding: try Records.snapshot(id, version: version).json, as: UTF8.self)
        guard !old.isEmpty else { return json }
        try #require(json.contains(old))
        return json.replacing(old, with: new)
    }

    private func folded(_ records: [CachedRecord]) throws -> (result: FoldResult, lines: [String]) {
        let file = try CacheFile()
        let cache = try file.open()
        let result = try cache.fold(records)
        try cache.close()
        return (result, try CacheDump.lines(file.path))
    }

    private func foldedOneByOne(_ records: [CachedRecord]) throws -> [String] {
        let file = try CacheFile()
        let cache = try file.open()
        for record in records { _ = try cache.fold([record]) }
        try cache.close()
        return try CacheDump.lines(file.path)
    }

    @Test(
        "a last record that is broken behind its head leaves the one before it, and its neighbours",
        arguments: [
            ("\"status\":\"pending\"", "\"status\":\"dancing\""), ("\"version\":3", "\"version\":3,\"version\":4"),
            ("\"project_id\":1", "\"project_id\":0"), ("\"task_id\":\"a\"", "\"task_id\":\"b\""),
        ])
    func brokenBody(old: String, new: String) throws {
        let records = [
            record("a", try json("a", version: 1), offset: 0), record("a", try json("a", version: 2), offset: 1),
            record("c", try json("c", version: 1), offset: 2),
            record("a", try json("a", version: 3, old, new), offset: 3),
        ]
        let whole = try folded(records)
        #expect(whole.result.invalid == 1)
        #expect(whole.result.applied.map(\.order.version) == [2, 1])
        #expect(try foldedOneByOne(records) == whole.lines)
    }

    @Test("an older record behind a broken one that seems newer still counts")
    func brokenNewer() throws {
        let records = [
            record("a", try json("a", version: 1), offset: 0),
            record("a", try json("a", version: 9, "\"status\":\"pending\"", "\"status\":7"), offset: 1),
            record("a", try json("a", version: 2), offset: 2),
        ]
        let whole = try folded(records)
        #expect(whole.result.stale.isEmpty)
        #expect(whole.result.applied.map(\.order.version) == [2])
        #expect(try foldedOneByOne(records) == whole.lines)
    }

    @Test(
        "numbers and names in another form are read as the whole record says",
        arguments: [
            "\"version\" : 3", "\"version\":3 ", "\"v\\u0065rsion\":3", "\"version\":3.0", "\"version\":3e0",
            "\"version\":9223372036854775807",
        ])
    func otherForms(member: String) throws {
        let records = [
            record("a", try json("a", version: 2), offset: 0),
            record("a", try json("a", version: 3, "\"version\":3", member), offset: 1),
        ]
        let whole = try folded(records)
        let known = try? TaskSnapshot(json: records[1].value ?? [])
        #expect(whole.result.applied.map(\.order.version) == [known?.state.version ?? 2])
        #expect(try foldedOneByOne(records) == whole.lines)
    }
}
