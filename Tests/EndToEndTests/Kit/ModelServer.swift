import Foundation
import TaskModel
import TestKit

/// A local server that plays a model by a script (`integration/agents`), and notes what it is asked.
struct ModelServer: Sendable {
    let url: String
    private let log: String

    /// Not 127.0.0.1, which in the sandbox is the sandbox: agents reach it through the proxy, as they do real models.
    private static let address = "127.0.0.2"

    /// - Parameter script: JSON, as `integration/agents/scripted.py` reads it.
    init(_ bed: TestBed, _ agent: RealAgent, script: String) async throws {
        log = bed.path("\(agent.rawValue)-requests.jsonl")
        let file = try bed.script("\(agent.rawValue)-script.json", script)
        let server = try bed.start(
            "model-\(agent.rawValue)", Programs.python,
            [
                RealAgent.root.appending(path: "integration/agents/\(agent.server)").path(), "--host", Self.address,
                "--script", file, "--log", log,
            ])
        url = try await server.ready()["url"]?.stringValue ?? ""
    }

    /// As an agent's definition names it.
    var host: String { url.replacing("http://", with: "") + " tls=false" }

    /// The bodies of the requests so far, as they came.
    var requests: [Substring] {
        get throws {
            // It begins with the first of them.
            guard FileManager.default.fileExists(atPath: log) else { return [] }
            return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
        }
    }
}
