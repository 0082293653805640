import Foundation
import TaskModel
import TestKit
import Testing

/// The example clients of `integration/`, run as their users run them.
enum ExampleClient: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case confluent, aiokafka

    var testDescription: String { rawValue }

    private var module: String { self == .confluent ? "confluent_kafka" : rawValue }

    func script(_ name: String) -> String {
        Programs.repository.appendingPathComponent("integration/python-\(rawValue)/\(name).py").path
    }

    func arguments(_ name: String, _ cluster: Cluster, _ rest: [String]) -> [String] {
        [script(name), "--bootstrap", cluster.bootstrap, "--prefix", cluster.layout.prefix] + rest
    }

    func run(
        _ bed: TestBed, _ name: String, _ cluster: Cluster, _ rest: String..., input: String = "",
        environment: [String: String] = [:]
    ) async throws -> CommandResult {
        try await bed.run(
            Programs.python, arguments(name, cluster, rest), input: Data(input.utf8), environment: environment)
    }

    func start(_ bed: TestBed, _ name: String, _ cluster: Cluster, _ rest: String...) throws -> ChildProcess {
        try start(bed, name, cluster, list: rest)
    }

    func start(_ bed: TestBed, _ name: String, _ cluster: Cluster, list rest: [String]) throws -> ChildProcess {
        try bed.start("\(name)-\(rawValue)", Programs.python, ["-u"] + arguments(name, cluster, rest))
    }

    /// Whether the library is here; says so where it is not.
    func isInstalled(_ bed: TestBed) async throws -> Bool {
        let result = try await bed.run(Programs.python, ["-c", "import \(module)"])
        if result.status != 0 {
            print("not run: the example clients with \(rawValue): \(Programs.python) lacks it; run `make venv`")
        }
        return result.status == 0
    }
}

/// A web server of the test's own, and what was posted to it.
struct WebHook: Sendable {
    let process: ChildProcess
    let url: String
    let host: String

    /// - Parameter answers: to the first posts; all later ones get 204.
    init(_ bed: TestBed, answers: Int...) async throws {
        process = try bed.start("hook", Programs.python, [Programs.client("hook.py")] + answers.map(String.init))
        let port = try #require(try await process.ready()["port"]?.integerValue)
        host = "127.0.0.1:\(port)"
        url = "http://\(host)/hook"
    }

    struct Post: Sendable {
        let path: String
        let status: Int64
        let key: String
        let notification: JSONObject

        init?(_ line: String) {
            guard let object = try? JSONParser.parse(line).objectValue, let path = object["path"]?.stringValue,
                let status = object["status"]?.integerValue, let body = object["body"]?.stringValue,
                let notification = try? JSONParser.parse(body).objectValue
            else { return nil }
            self.path = path
            self.status = status
            key = object["key"]?.stringValue ?? ""
            self.notification = notification
        }
    }

    var posts: [Post] { process.state.read { $0.lines.dropFirst().compactMap(Post.init) } }

    /// The ids of what was taken in, in order.
    var taken: [String] { posts.filter { $0.status == 204 }.map(\.key) }

    func waitTaken(_ ids: [String], seconds: Double = 60) async throws {
        try await process.state.until("the hook has \(ids)", seconds: seconds) { state in
            let taken = state.lines.dropFirst().compactMap(Post.init).filter { $0.status == 204 }.map(\.key)
            return Set(ids).isSubset(of: taken) ? true : nil
        }
    }
}
