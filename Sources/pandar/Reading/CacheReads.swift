internal import Foundation
internal import TaskCache
internal import TaskModel

/// Reads the cache's file itself, beside a service or without one.
struct CacheReads: Reads {
    private let cache: TaskCache

    /// Opens the file and says on stderr how old it is.
    init(path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else {
            throw CommandError(
                .notFound, "No service runs, and there is no cache at \(path); start `pandar serve`, or set --data-dir."
            )
        }
        // Asked before the file is opened, which can itself make an empty log.
        let age = Self.age(of: path).map { "\(Duration.short($0)) old" } ?? "of unknown age"
        do {
            cache = try TaskCache(reading: path)
        } catch {
            throw CommandError(
                .unavailable, "The cache \(path) cannot be read (\(error)); start `pandar serve`, which rebuilds it.")
        }
        Terminal.error.writeLine("pandar: read from the cache \(path), \(age)")
    }

    /// Seconds since the last write to the file or its log.
    static func age(of path: String) -> Double? {
        let times = [path, path + "-wal"].compactMap { file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            guard let attributes, (attributes[.size] as? NSNumber)?.intValue != 0 else { return Date?.none }
            return attributes[.modificationDate] as? Date
        }
        return times.max().map { max(0, -$0.timeIntervalSinceNow) }
    }

    func list(_ filter: ListFilter) throws -> [UInt8] {
        let query = try ListQuery(filter)
        return try reading { try $0.list(query) }
    }

    func search(_ text: String, limit: Int) throws -> [UInt8] {
        try reading { try $0.search(text, limit: limit) }
    }

    func stats(project: Int64?) throws -> [UInt8] {
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        return try reading { try $0.stats(projectID: project, now: now) }
    }

    func task(_ id: TaskID) throws -> [UInt8] {
        guard let answer = try reading({ try $0.task(id) }) else {
            throw CommandError(.notFound, "There is no task \(id); `pandar list` shows those that are known.")
        }
        return answer
    }

    func output(_ id: TaskID) throws -> [UInt8] {
        guard let answer = try reading({ try $0.output(id) }) else {
            throw CommandError(.notFound, "There is no output of \(id).")
        }
        return answer
    }

    private func reading<Value>(_ body: (TaskCache) throws -> Value) throws -> Value {
        do {
            return try body(cache)
        } catch {
            throw CommandError(
                .unavailable, "The cache cannot be read (\(error)); start `pandar serve`, which rebuilds it.")
        }
    }
}

extension ListQuery {
    /// The query of a list, checked as HTTP checks it.
    init(_ filter: ListFilter) throws(CommandError) {
        self.init()
        page = filter.page
        limit = filter.limit
        guard page >= 1 else { throw CommandError(.usage, "--page must be 1 or more.") }
        guard (1...100).contains(limit) else { throw CommandError(.usage, "--limit must be from 1 to 100.") }
        projectID = filter.projectID
        status = try Self.choice("--status", filter.status)
        priority = try Self.choice("--priority", filter.priority)
        search = filter.search
        createdBy = filter.createdBy
        from = try Self.time("--from", filter.from)
        to = try Self.time("--to", filter.to)
        sort = try Self.choice("--sort", filter.sort) ?? sort
        order = try Self.choice("--order", filter.order) ?? order
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ flag: String, _ text: String?
    ) throws(CommandError) -> Choice? {
        guard let text else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError(.usage, "\(flag) must be one of: \(allowed).")
        }
        return choice
    }

    private static func time(_ flag: String, _ text: String?) throws(CommandError) -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(text) else {
            throw CommandError(.usage, "\(flag) must be an ISO 8601 time with a zone, such as 2026-11-23T16:30:00Z.")
        }
        return time
    }
}
