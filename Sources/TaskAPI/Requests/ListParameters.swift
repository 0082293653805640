internal import TaskCache
internal import TaskModel

extension QueryReader {
    /// The parameters of `GET /tasks`, with the contract's limits and defaults.
    func listQuery() throws(Problem) -> ListQuery {
        var query = ListQuery()
        query.page = try integer("page", 1...1_000_000).map(Int.init) ?? query.page
        query.limit = try limit(default: query.limit)
        query.projectID = try projectID()
        query.status = try choice("status", TaskStatus.self)
        query.priority = try choice("priority", TaskPriority.self)
        query.search = try text("search", limit: 500)
        query.createdBy = try text("created_by", limit: 200)
        query.from = try time("date_from")
        query.to = try time("date_to")
        query.sort = try choice("sort_by", ListQuery.Sort.self) ?? query.sort
        query.order = try choice("sort_order", ListQuery.Order.self) ?? query.order
        return query
    }

    func limit(default fallback: Int) throws(Problem) -> Int {
        try integer("limit", 1...100).map(Int.init) ?? fallback
    }

    func projectID() throws(Problem) -> Int64? {
        try integer("project_id", 1...Int64.max)
    }
}
