internal import Hummingbird
internal import TaskModel

/// Reading tasks: the list, search, stats, one task, its output.
struct TaskRoutes {
    let cache: CacheAccess

    func add(to router: some RouterMethods<some RequestContext>) {
        router.read("/tasks") { request, _ in
            let query = try QueryReader(request.uri.query).listQuery()
            return .json(try await cache.read { try $0.list(query) })
        }
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
            return .json(try await cache.read { try $0.stats(projectID: project) })
        }
    }
}
