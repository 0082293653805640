internal import Foundation
internal import FoundationNetworking
internal import TaskModel

/// Asks a service.
struct HTTPReads: Reads {
    /// `http://HOST:PORT`.
    let base: String
    /// Seconds.
    private static let timeout = 10.0

    func list(_ filter: ListFilter) async throws -> [UInt8] {
        try await get("/tasks", filter.parameters)
    }

    func search(_ text: String, limit: Int) async throws -> [UInt8] {
        try await get("/tasks/search", [("q", text), ("limit", String(limit))])
    }

    func stats(project: Int64?) async throws -> [UInt8] {
        try await get("/tasks/stats", project.map { [("project_id", String($0))] } ?? [])
    }

    func task(_ id: TaskID) async throws -> [UInt8] {
        try await get("/tasks/\(id)", [])
    }

    func output(_ id: TaskID) async throws -> [UInt8] {
        try await get("/tasks/\(id)/output", [])
    }

    /// Whether a service answers there.
    func isAlive() async -> Bool {
        guard let url = URL(string: base + "/livez") else { return false }
        return (try? await URLSession.shared.data(for: URLRequest(url: url, timeoutInterval: 2))) != nil
    }

    private func get(_ path: String, _ parameters: [(name: String, value: String)]) async throws -> [UInt8] {
        guard var components = URLComponents(string: base), components.scheme == "http" || components.scheme == "https"
        else {
            throw CommandError(.usage, "\(base) is no URL of a service; give one such as http://127.0.0.1:8100.")
        }
        components.path = "/api/v1" + path
        if !parameters.isEmpty {
            components.queryItems = parameters.map { URLQueryItem(name: $0.name, value: $0.value) }
            // A plus sign would be read as a space.
            components.percentEncodedQuery = components.percentEncodedQuery?.replacing("+", with: "%2B")
        }
        guard let url = components.url else { throw CommandError(.usage, "\(base) is no URL of a service.") }
        let data: Data
        let response: URLResponse
        do {
            (data, response) = try await URLSession.shared.data(
                for: URLRequest(url: url, timeoutInterval: Self.timeout))
        } catch {
            throw CommandError(
                .unavailable,
                "No service answers at \(base): \(error.localizedDescription); start it with "
                    + "`pandar serve`, or read the cache with --offline.")
        }
        let code = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard code != 200 else { return Array(data) }
        let problem = try? JSONParser.parse(Array(data)).objectValue
        let detail = problem?["detail"]?.stringValue ?? problem?["title"]?.stringValue ?? "status \(code)"
        throw CommandError(
            code == 404 ? .notFound : code < 500 ? .usage : .unavailable, "The service answered: \(detail)")
    }
}
