internal import Hummingbird
internal import TaskCache
internal import TaskModel

/// Reading tasks: the list and its shorthands, search, stats, one task, its output.
struct TaskRoutes {
    let cache: CacheAccess

    func add(to router: some RouterMethods<some RequestContext>) {
        addLists(to: router)
        router.read("/tasks/search") { request, _ in
            let parameters = try QueryReader(request.uri.query)
            guard let text = try parameters.text("q", limit: 500) else {
                throw Problem.invalid("q", "is required: the words to search for")
            }
            let limit = try parameters.limit(default: 10)
            return .json(try await cache.read { try $0.search(text, limit: limit) })
        }
        router.read("/tasks/stats") { request, _ in
            let project = try QueryReader(request.uri.query).projectID()
            return .json(try await cache.read { try $0.stats(projectID: project, now: WallClock.now) })
        }
        router.read("/tasks/{id}") { _, context in
            let id = try context.taskID()
            guard let task = try await cache.read({ try $0.task(id) }) else { throw Problem.unknown(id) }
            return .json(task)
        }
        router.read("/tasks/{id}/output") { request, context in
            let id = try context.taskID()
            let format = try QueryReader(request.uri.query).choice("format", OutputFormat.self) ?? .json
            return try await output(id, format)
        }
    }

    private func addLists(to router: some RouterMethods<some RequestContext>) {
        router.read("/tasks") { request, _ in
            let query = try QueryReader(request.uri.query).listQuery()
            return .json(try await cache.read { try $0.list(query) })
        }
        // The same list, with the latest change first.
        router.read("/tasks/recent") { request, _ in
            var query = try QueryReader(request.uri.query).listQuery()
            query.sort = .updatedAt
            query.order = .descending
            return .json(try await cache.read { [query] in try $0.list(query) })
        }
        router.read("/tasks/running") { request, _ in
            var query = try QueryReader(request.uri.query).listQuery()
            query.status = .running
            return .json(try await cache.read { [query] in try $0.list(query) })
        }
    }

    private func output(_ id: TaskID, _ format: OutputFormat) async throws -> Response {
        switch format {
        case .json:
            guard let output = try await cache.read({ try $0.output(id) }) else { throw Problem.unknown(id) }
            return .json(output)
        case .text:
            guard let text = try await cache.read({ try $0.outputText(id) }) else { throw Problem.unknown(id) }
            return .bytes(Array(text.utf8), type: "text/plain; charset=utf-8")
        }
    }
}

private enum OutputFormat: String, CaseIterable {
    case json, text
}

extension RequestContext {
    /// The `{id}` of the path. The router leaves it encoded.
    fileprivate func taskID() throws(Problem) -> TaskID {
        guard
            let id = parameters.get("id").flatMap({ PercentEncoding.decoded($0, plusIsSpace: false) }).flatMap(
                TaskID.init)
        else {
            throw Problem(
                .unknownTask, "The path names no task: an id has 1 to 128 characters of A-Z, a-z, 0-9 and . _ : -")
        }
        return id
    }
}

extension Problem {
    fileprivate static func unknown(_ id: TaskID) -> Problem {
        Problem(
            .unknownTask,
            "The cache holds no task \(id). A task that was only just requested appears once the cache has read its record."
        )
    }
}
