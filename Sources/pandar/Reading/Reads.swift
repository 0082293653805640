internal import TaskModel

/// What reading commands ask. Every answer is JSON as HTTP gives it, whether a service or the cache's file answers.
protocol Reads: Sendable {
    func list(_ filter: ListFilter) async throws -> [UInt8]
    func search(_ text: String, limit: Int) async throws -> [UInt8]
    func stats(project: Int64?) async throws -> [UInt8]
    func task(_ id: TaskID) async throws -> [UInt8]
    func output(_ id: TaskID) async throws -> [UInt8]
}

/// Which tasks a list shows. The names are those of the HTTP query.
struct ListFilter: Hashable, Sendable {
    var page = 1
    var limit = 20
    var projectID: Int64?
    var status: String?
    var priority: String?
    var search: String?
    var createdBy: String?
    var from: String?
    var to: String?
    var sort: String?
    var order: String?

    /// The parameters of the HTTP query, without those that are not set.
    var parameters: [(name: String, value: String)] {
        let all: [(String, String?)] = [
            ("page", String(page)), ("limit", String(limit)), ("project_id", projectID.map { String($0) }),
            ("status", status), ("priority", priority), ("search", search), ("created_by", createdBy),
            ("date_from", from), ("date_to", to), ("sort_by", sort), ("sort_order", order),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }
}
