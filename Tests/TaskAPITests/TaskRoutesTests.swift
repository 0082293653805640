import HTTPTypes
import Hummingbird
import HummingbirdTesting
import TaskCache
import TaskModel
import Testing

@testable import TaskAPI

@Suite("Reading tasks over HTTP")
struct TaskRoutesTests {
    private let fixture: CacheFixture

    init() throws {
        fixture = try CacheFixture()
        try fixture.fold([
            CacheFixture.snapshot("a1", name: "Nightly audit", status: .completed, createdBy: 42, output: "fixed ä\n"),
            CacheFixture.snapshot(
                "b:2", name: "Build docs", command: "claude docs --all", status: .running, project: 2,
                priority: .urgent,
                createdBy: "mira", minute: 1),
            CacheFixture.snapshot("c.3", status: .failed, priority: .low, minute: 2),
            CacheFixture.snapshot("d_4", project: 2, priority: .high, minute: 3),
            CacheFixture.snapshot("e-5", status: .cancelled, minute: 4),
        ])
    }

    private func get(_ uri: String, method: HTTPRequest.Method = .get) async throws -> TestResponse {
        try await APIServer.test(fixture.cache).application.test(.router) { client in
            try await client.execute(uri: "/api/v1" + uri, method: method)
        }
    }

    private func ids(_ uri: String) async throws -> [String] {
        let response = try await get(uri)
        #expect(response.status == .ok, "\(uri): \(response.text)")
        let items = try #require(response.json?.objectValue?["items"]?.arrayValue)
        return items.compactMap { $0.objectValue?["task_id"]?.stringValue }
    }

    @Test("the list has the contract's form and defaults")
    func list() async throws {
        let response = try await get("/tasks")
        #expect(response.headers[.contentType] == "application/json")
        let page = try #require(response.json?.objectValue)
        #expect(page["total"] == 5)
        #expect(page["page"] == 1)
        #expect(page["limit"] == 10)
        #expect(page["pages"] == 1)
        #expect(try await ids("/tasks") == ["e-5", "d_4", "c.3", "b:2", "a1"])
    }

    @Test(
        "each filter of the list takes effect",
        arguments: [
            ("project_id=2", ["d_4", "b:2"]), ("status=running", ["b:2"]), ("priority=low", ["c.3"]),
            ("search=nightly", ["a1"]), ("search=nothing+like+it", []), ("created_by=42", ["a1"]),
            ("created_by=mira", ["b:2"]), ("project_id=2&status=pending", ["d_4"]),
            ("date_from=2026-11-23T00:03:00Z", ["e-5", "d_4"]), ("date_to=2026-11-23T00:01:00.000Z", ["a1"]),
            ("date_from=2026-11-23T01:01:00%2B01:00&date_to=2026-11-23T00:02:00Z", ["b:2"]),
            ("limit=2", ["e-5", "d_4"]), ("limit=2&page=3", ["a1"]), ("limit=2&page=4", []),
            ("sort_by=name&sort_order=asc&limit=2", ["b:2", "a1"]),
            ("sort_by=priority&limit=2", ["b:2", "d_4"]), ("sort_by=created_at&sort_order=asc&limit=1", ["a1"]),
        ])
    func filters(query: String, expected: [String]) async throws {
        #expect(try await ids("/tasks?" + query) == expected)
    }

    @Test(
        "a parameter that breaks its rule is a problem that names it",
        arguments: [
            ("page=0", "page"), ("page=x", "page"), ("limit=0", "limit"), ("limit=101", "limit"),
            ("limit=1e1", "limit"),
            ("project_id=0", "project_id"), ("project_id=-1", "project_id"),
            ("project_id=99999999999999999999", "project_id"), ("status=done", "status"), ("status=RUNNING", "status"),
            ("priority=critical", "priority"), ("date_from=yesterday", "date_from"),
            ("date_to=2026-11-23T16:30:00", "date_to"), ("date_to=2026-02-30T00:00:00Z", "date_to"),
            ("sort_by=id", "sort_by"), ("sort_by=name;DROP", "sort_by"), ("sort_order=down", "sort_order"),
            ("search=%00", "search"), ("search=%ff", "search"), ("created_by=%", "created_by"),
            ("status=running&status=failed", "status"),
        ])
    func badParameters(query: String, parameter: String) async throws {
        let response = try await get("/tasks?" + query)
        #expect(response.status == .badRequest)
        let problem = try #require(response.problem)
        #expect(problem["parameter"]?.stringValue == parameter)
        #expect(problem["detail"]?.stringValue?.contains(parameter) == true)
    }

    @Test("the list, a task, a search, the stats and the output are what the cache says, byte for byte")
    func sameAsCache() async throws {
        let cache = fixture.cache
        let id = try #require(TaskID("a1"))
        #expect(try await get("/tasks").text.utf8.elementsEqual(cache.list(ListQuery())))
        #expect(try await get("/tasks/a1").text.utf8.elementsEqual(#require(cache.task(id))))
        #expect(try await get("/tasks/search?q=audit").text.utf8.elementsEqual(cache.search("audit", limit: 10)))
        #expect(
            try await get("/tasks/stats").text.utf8.elementsEqual(cache.stats(projectID: nil, now: WallClock.now)))
        #expect(try await get("/tasks/a1/output").text.utf8.elementsEqual(#require(cache.output(id))))
        #expect(try await get("/notifications").text.utf8.elementsEqual(cache.notifications(limit: 50)))
    }

    @Test("a search needs words, and survives any")
    func search() async throws {
        #expect(try await ids("/tasks/search?q=doc") == ["b:2"])
        for uri in ["/tasks/search", "/tasks/search?q=", "/tasks/search?limit=3"] {
            #expect(try await get(uri).problem?["parameter"] == "q")
        }
        for hostile in ["%22", "*", "a%22%20OR%20%22b", "NEAR(", "%27%3B--", "(((", "%F0%9F%90%BC", "-", "col%3Ax"] {
            #expect(try await get("/tasks/search?q=\(hostile)").status == .ok, "\(hostile)")
        }
    }

    @Test("the stats count by status, of one project on request")
    func stats() async throws {
        let all = try #require(try await get("/tasks/stats").json?.objectValue)
        #expect(all["total_tasks"] == 5)
        #expect(all["completed_tasks"] == 1)
        #expect(all["running_tasks"] == 1)
        #expect(all["success_rate"]?.doubleValue == 50)
        #expect(all["average_duration"]?.doubleValue == 10)
        let project = try #require(try await get("/tasks/stats?project_id=2").json?.objectValue)
        #expect(project["total_tasks"] == 2)
        #expect(try await get("/tasks/stats?project_id=two").problem?["parameter"] == "project_id")
    }

    @Test("recent ones come by their latest change, running ones are only those")
    func shorthands() async throws {
        #expect(try await ids("/tasks/recent?limit=2") == ["e-5", "d_4"])
        #expect(try await ids("/tasks/running") == ["b:2"])
        #expect(try await ids("/tasks/running?project_id=1") == [])
    }

    @Test("a task is found by its id in any encoding", arguments: ["b:2", "b%3A2", "b%3a2", "%62:2"])
    func task(id: String) async throws {
        let task = try #require(try await get("/tasks/\(id)").json?.objectValue)
        #expect(task["task_id"] == "b:2")
        #expect(task["status"] == "running")
    }

    @Test(
        "ids that are unknown, hostile or no ids are 404 with a reason and nothing of them in it",
        arguments: [
            "nobody", "a%2F..%2Fa1", "a1%00", "%ff", "a%", "%3Cscript%3E", "a1%20", "a1'--",
            String(repeating: "x", count: 129),
            "%E4%B8%AD", "a1%0d%0aX-Injected:1", "..%2f..%2fetc", "scheduled",
        ])
    func unknownTask(id: String) async throws {
        for uri in ["/tasks/\(id)", "/tasks/\(id)/output"] {
            let response = try await get(uri)
            #expect(response.status == .notFound)
            #expect(response.problem?["type"] == "urn:pandar:problem:unknown-task")
            #expect(!response.text.contains("<script>"))
        }
    }

    @Test("output comes as JSON, or as plain text on request")
    func output() async throws {
        #expect(try await get("/tasks/a1/output").json?.objectValue?["output"] == "fixed ä\n")
        let text = try await get("/tasks/a1/output?format=text")
        #expect(text.text == "fixed ä\n")
        #expect(text.headers[.contentType] == "text/plain; charset=utf-8")
        #expect(try await get("/tasks/a1/output?format=xml").problem?["parameter"] == "format")
    }

    @Test("notifications come newest first, as many as asked for")
    func notifications() async throws {
        let snapshot = try CacheFixture.snapshot("a1", status: .completed)
        let failed = try CacheFixture.snapshot("c.3", status: .failed)
        try fixture.cache.foldNotifications([
            Notification(
                kind: .taskCompleted, title: "Done", content: "a1", snapshot: snapshot, channels: [],
                createdAt: CacheFixture.day
            ).json,
            Notification(
                kind: .taskFailed, title: "Failed", content: "c.3", snapshot: failed, channels: [],
                createdAt: CacheFixture.day.adding(seconds: 60)
            ).json,
        ])
        let all = try #require(try await get("/notifications").json?.objectValue?["items"]?.arrayValue)
        #expect(all.map { $0.objectValue?["task_id"]?.stringValue } == ["c.3", "a1"])
        let one = try #require(try await get("/notifications?limit=1").json?.objectValue?["items"]?.arrayValue)
        #expect(one.count == 1)
        #expect(try await get("/notifications?limit=0").problem?["parameter"] == "limit")
    }

    @Test("HEAD has the headers of GET")
    func head() async throws {
        let response = try await get("/tasks/a1", method: .head)
        #expect(response.status == .ok)
        #expect(response.headers[.contentType] == "application/json")
    }

    @Test("a task has what its agent told, and the stats have its sums, of all projects or of one")
    func agents() async throws {
        let fixture = try CacheFixture()
        var snapshot = try CacheFixture.snapshot("agent", status: .completed, project: 7)
        var attempt = AttemptRecord(attempt: 1, runner: "r", startedAt: CacheFixture.day)
        attempt.usage = TokenUsage(input: 10, cached: 4, output: 3, costMicros: 1_500_000)
        attempt.answers = 2
        snapshot.state.attempts = [attempt]
        snapshot.state.session = AgentSession(agent: "codex", id: "s-1")
        snapshot.state.plan = [PlanStep(step: "one", status: .completed)]
        snapshot.state.recoveredBy = "claude"
        try fixture.fold([snapshot, CacheFixture.snapshot("plain", project: 8)])
        try await APIServer.test(fixture.cache).application.test(.router) { client in
            func object(_ path: String) async throws -> JSONObject {
                let response = try await client.execute(uri: "/api/v1" + path, method: .get)
                return try #require(response.json?.objectValue)
            }
            let task = try await object("/tasks/agent")
            #expect(task["agent_session"] == ["agent": "codex", "id": "s-1"])
            #expect(task["agent_plan"] == [["step": "one", "status": "completed"]])
            #expect(task["token_usage"]?.objectValue?["cost_usd"] == .decimal("1.500000"))
            #expect(task["recovered_by"] == "claude")
            #expect(try await object("/tasks/plain")["token_usage"] == nil)
            for path in ["/tasks/stats", "/tasks/stats?project_id=7"] {
                let stats = try await object(path)
                #expect(stats["recovered_tasks"] == 1)
                #expect(stats["proxy_answers"] == 2)
                let usage = try #require(stats["usage"]?.objectValue)
                let sum = try #require(usage["by_agent"]?.objectValue?["codex"]?.objectValue)
                #expect(sum["input_tokens"] == 10 && sum["cached_tokens"] == 4 && sum["output_tokens"] == 3)
                #expect(sum["attempts"] == 1)
                #expect(usage["total"] == .object(sum))
                #expect(usage["by_project"]?.objectValue?.members.map(\.name) == ["7"])
            }
            let other = try await object("/tasks/stats?project_id=8")
            #expect(other["usage"]?.objectValue?["total"]?.objectValue?["attempts"] == 0)
        }
    }
}
