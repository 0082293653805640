import Agents
import Foundation
import TaskModel
import TestKit
import Testing

/// A folder with a repository, a home for the agent, and what runs of `pandar-agent` in it leave.
final class DriverRun: @unchecked Sendable {  // its processes are started and ended by one test
    struct End {
        let status: Int32
        let output: String
        let reports: [JSONObject]

        func values(_ type: String, _ member: String) -> [JSONValue] {
            reports.filter { $0["type"]?.stringValue == type }.compactMap { $0[member] }
        }
        var percentages: [Int64] { values("progress", "percent").compactMap(\.integerValue) }
        var session: String? { values("session", "session").last?.stringValue }
        var code: String? { values("result", "code").last?.stringValue }
    }

    let folder: URL
    let work: URL
    let home: URL
    private var server: Process?
    private var url = ""
    private var lastRun = 0
    private var running: [Process] = []

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "agent-\(UUID().uuidString.prefix(8))")
        work = folder.appending(path: "work")
        home = folder.appending(path: "home")
        for place in [work, home, folder.appending(path: "bin")] {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        // The login shell of an agent's tool sets its own path.
        try write(".bash_profile", "export PATH=\"\(path)\"\n", in: home)
        try git("init", "-q", "-b", "main")
        try git("config", "user.name", "Agent")
        try git("config", "user.email", "agent@example.com")
    }

    deinit {
        // Not SIGTERM: threads that tests run on block signals, and what they start inherits that.
        if let server { kill(server.processIdentifier, SIGKILL) }
        for process in running where process.isRunning { process.terminate() }
        try? FileManager.default.removeItem(at: folder)
    }

    var path: String {
        folder.appending(path: "bin").path() + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
    }

    @discardableResult
    func write(_ name: String, _ text: String, in place: URL? = nil, executable: Bool = false) throws -> String {
        let file = (place ?? folder).appending(path: name)
        try Data(text.utf8).write(to: file)
        if executable { try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path()) }
        return file.path()
    }

    func read(_ name: String, in place: URL? = nil) -> String? {
        try? String(contentsOf: (place ?? folder).appending(path: name), encoding: .utf8)
    }

    @discardableResult
    func git(_ words: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "-C", work.path()] + words
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "git \(words)")
        return String(decoding: data, as: UTF8.self)
    }

    /// A file that a tool's process writes its id to, and the test reads it from: both wait for each other.
    func fifo(_ name: String) throws -> String {
        let file = folder.appending(path: name).path()
        try #require(mkfifo(file, 0o600) == 0)
        return file
    }

    /// Seconds after which the other end of a fifo is no longer waited for: it decides only how a failure ends.
    private static let patience = 300

    /// Waits for whoever writes to a fifo, on a thread of its own.
    func line(_ fifo: String) async throws -> String {
        let bytes = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let descriptor = open(fifo, O_RDONLY | O_NONBLOCK)
                var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                _ = poll(&watched, 1, Int32(Self.patience) * 1000)
                var bytes = [UInt8](repeating: 0, count: 100)
                let count = Foundation.read(descriptor, &bytes, bytes.count)
                close(descriptor)
                continuation.resume(returning: bytes.prefix(max(0, count)))
            }
        }
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Lets whoever reads a fifo go on.
    func go(_ fifo: String) async throws {
        // A fifo gives no signal of its reader but this: until there is one, it cannot be opened.
        for _ in 0..<Self.patience * 50 {
            let descriptor = open(fifo, O_WRONLY | O_NONBLOCK)
            if descriptor >= 0 {
                close(descriptor)
                return
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("nobody reads \(fifo)")
    }

    /// A shell command that tells its process's id through the fifo and stays, until there is a file `go`: then it writes
    /// a greeting.
    static func stayingCommand(_ fifo: String) -> String {
        "if [ -e go ]; then echo hello > greeting.txt; else echo $$ > '\(fifo)'; exec sleep 1000; fi"
    }

    /// Runs an order until its tool stands at the fifo, and stops it there.
    func stopped(_ order: AgentOrder, at fifo: String) async throws -> (end: End, tool: pid_t) {
        let running = try start(order)
        let tool = try #require(pid_t(try await line(fifo)))
        running.process.terminate()
        return (try await running.end(), tool)
    }

    // MARK: Orders

    /// Starts the model's stand-in with a script and gives the order for the agent.
    func order(_ agent: RealAgent, turns: String, replies: String = "[]") throws -> AgentOrder {
        try order(agent, document: "{\"turns\": [\(turns)], \"replies\": \(replies)}")
    }

    func order(_ agent: RealAgent, document: String) throws -> AgentOrder {
        let script = try write("script.json", document)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", RealAgent.root.appending(path: "integration/agents/\(agent.server)").path(), "--script", script,
            "--log", folder.appending(path: "requests").path(),
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        server = process
        var bytes: [UInt8] = []
        while let byte = try pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { bytes.append(byte) }
        url = try #require(JSONParser.parse(bytes).objectValue?["url"]?.stringValue)

        let definition = try #require(AgentCatalog.builtIn[agent.rawValue])
        var order = AgentOrder(
            adapter: definition.adapter, program: [try #require(agent.program)] + definition.arguments,
            environment: definition.environment, prompt: "Do the task.", directory: work.path())
        order.environment.merge(["HOME": home.path(), "PATH": path]) { $1 }
        switch agent {
        case .codex:
            try write(
                "config.toml",
                """
                model = "gpt-5.2"
                model_provider = "local"
                [model_providers.local]
                name = "local"
                base_url = "\(url)/v1"
                wire_api = "responses"
                supports_websockets = false
                """, in: home)
            order.environment["CODEX_HOME"] = home.path()
        case .claude:
            order.environment.merge([
                "CLAUDE_CONFIG_DIR": home.path(), "ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": "scripted",
                "CLAUDE_CODE_MAX_RETRIES": "1",
            ]) { $1 }
        }
        return order
    }

    /// A proxy agent that plays steps of the Agent Client Protocol.
    func standInProxy(_ steps: String, recovery: ProxyAgent.Recovery = .resume) throws -> ProxyAgent {
        let agent = RealAgent.root.appending(path: "integration/agents/acp_agent.py").path()
        return ProxyAgent(
            agent: "proxy", adapter: .acp, program: ["python3", agent, "--acp"],
            environment: [
                "ACP_SCRIPT": try write("proxy.json", "{\"steps\": [\(steps)]}"),
                "ACP_LOG": folder.appending(path: "proxy.log").path(), "GEMINI_CLI_HOME": home.path(),
            ], recovery: recovery)
    }

    // MARK: Running

    struct Running {
        let process: Process
        let end: @Sendable () async throws -> End
    }

    func start(_ order: AgentOrder) throws -> Running {
        lastRun += 1
        var order = order
        order.reports = "fd:3"
        let file = try write("order\(lastRun).json", String(decoding: order.json(), as: UTF8.self))
        let driver = URL(filePath: Swift.CommandLine.arguments[0]).deletingLastPathComponent().appending(
            path: "pandar-agent")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        let names = ["output", "reports"].map { folder.appending(path: "\($0)\(lastRun)") }
        process.arguments = [
            "-c", "exec \"$0\" \"$1\" >\"$2\" 2>&1 3>\"$3\" </dev/null", driver.path(), file, names[0].path(),
            names[1].path(),
        ]
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = {
            continuation.yield($0.terminationStatus)
            continuation.finish()
        }
        try process.run()
        running.append(process)
        return Running(process: process) {
            let status = await stream.first { _ in true } ?? -1
            let reports = try Data(contentsOf: names[1]).split(separator: UInt8(ascii: "\n")).map {
                try #require(JSONParser.parse(Array($0)).objectValue)
            }
            return End(status: status, output: try String(contentsOf: names[0], encoding: .utf8), reports: reports)
        }
    }

    func run(_ order: AgentOrder) async throws -> End { try await start(order).end() }
}
