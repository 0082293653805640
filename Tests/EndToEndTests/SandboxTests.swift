import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    /// What the runner's own tests hold of the sandbox is not repeated here: these show that a service has it on, and that
    /// what it saw reaches the topics.
    @Suite struct Sandboxes {
        @Test("from a request on the topic into its sandbox: a repository, a secret, one host, nothing of the machine")
        func wholeWay() async throws {
            try await TestBed.with { bed in
                let scene = try await SandboxScene(bed)
                let canary = try bed.script("canary", "a canary of the machine")
                let script = """
                    echo "file=$(cat README)"
                    echo changed > README && echo "written=$(cat README)"
                    echo "token=$TOKEN"
                    echo "secret in other words=$(printf %s "$TOKEN" | base64 -w0)"
                    echo "canary=$(cat \(canary) 2>&1)"
                    echo "inside=$(curl -sS --max-time 30 http://127.0.0.2:\(scene.allowed)/ 2>&1)"
                    echo "outside=$(curl -sS --max-time 30 -o /dev/null -w '%{http_code}' http://127.0.0.2:\(scene.refused)/)"
                    echo "past the proxy=$(curl -sS --noproxy '*' --max-time 30 http://127.0.0.2:\(scene.allowed)/ 2>&1)"
                    """
                try await scene.commit("look.sh", script)
                try await scene.publisher.send([scene.publisher.request("inside", "sh ./look.sh")])
                let task = try await scene.status.task("inside", is: "completed")
                try check(scene, task)
                try await checkTraces(scene)
            }
        }

        private func check(_ scene: SandboxScene, _ task: TaskHistory) throws {
            let output = try #require(task.snapshot["output"]?.stringValue)
            for line in [
                "file=as committed", "written=changed", "token=***", "secret in other words=***",
                "inside=hello from \(scene.allowed)", "outside=403",
            ] { #expect(output.contains(line + "\n"), "\(line) in \(output)") }
            for line in ["canary=cat: ", "past the proxy=curl: "] { #expect(output.contains(line), "\(output)") }
            #expect(task.snapshot["sandbox"] == "strict")
            let attempt = try #require(task.attempts.first)
            #expect(attempt["output_bytes"]?.integerValue ?? 0 > 100, "\(attempt)")
            #expect(attempt["cpu_seconds"]?.doubleValue ?? 0 > 0, "\(attempt)")
            #expect(attempt["peak_memory_bytes"]?.integerValue ?? 0 > 100_000, "\(attempt)")
            let refused = attempt["refused_connections"]?.arrayValue?.compactMap(\.stringValue) ?? []
            #expect(refused.count == 1 && refused[0].hasPrefix("127.0.0.2:\(scene.refused): "), "\(attempt)")
        }

        /// Neither the secret nor the workspace is left anywhere that others read.
        private func checkTraces(_ scene: SandboxScene) async throws {
            let chunks = try await scene.output.count(1)
            #expect(
                !(chunks + scene.records.records).contains {
                    String(decoding: $0.value ?? [], as: UTF8.self).contains(scene.secret)
                })
            #expect(!(try scene.service.process.logText.contains(scene.secret)))
            let cache = try Data(contentsOf: URL(fileURLWithPath: scene.service.cachePath))
            #expect(cache.range(of: Data(scene.secret.utf8)) == nil)
            #expect(try String(contentsOfFile: scene.source + "/README", encoding: .utf8) == "as committed\n")
            try await eventually("the workspace is gone") { scene.workspaces.isEmpty }
        }

        @Test("what goes past a limit ends with the limit as its error; an unknown project is a dead letter")
        func limits() async throws {
            try await TestBed.with { bed in
                let scene = try await SandboxScene(bed)
                let letters = try Follower<RecordList>(
                    bed, scene.service.cluster, scene.service.cluster.layout.deadLetters)
                // In steps, so that it is seen growing also where no cgroup holds it.
                let bomb =
                    #"python3 -c 'import time; a = []; [(a.append(b"y" * (1 << 20)), time.sleep(0.02)) for _ in range(5000)]'"#
                let flood = #"python3 -c 'while True: print("x" * 100000)'"#
                let hog =
                    #"python3 -c 'import os, time; os.posix_fallocate(os.open("hog", os.O_CREAT | os.O_WRONLY), 0, 200 << 20); time.sleep(600)'"#
                func limit(_ name: String, _ value: JSONValue) -> JSONObject {
                    let limits = JSONObject([.init(name: name, value: value)])
                    let demand = JSONObject([.init(name: "limits", value: .object(limits))])
                    return JSONObject([.init(name: "sandbox", value: .object(demand))])
                }
                try await scene.publisher.send([
                    scene.publisher.request("memory", bomb, metadata: limit("memory_mb", 64)),
                    scene.publisher.request("output", flood, metadata: limit("output_mb", 2)),
                    scene.publisher.request("disk", hog, metadata: limit("disk_mb", 50)),
                    scene.publisher.request("loose", "true", metadata: limit("memory", 64)),
                    scene.publisher.request("unknown", "true", further: ["project_id": 4711]),
                ])
                for (id, error) in [
                    ("memory", "memory limit of 64 MB exceeded"), ("output", "output limit of 2 MB exceeded"),
                    ("disk", "disk limit of 50 MB exceeded"),
                ] {
                    let task = try await scene.status.task(id, is: "failed")
                    #expect(task.snapshot["error"]?.stringValue == error)
                }
                let refused = try await letters.count(2)
                #expect(Set(refused.map { $0.header("__dlq.errors.reason") }) == ["unknown_project", "invalid_value"])
                #expect(scene.status.task("unknown").steps.isEmpty)
                try await eventually("the workspaces are gone") { scene.workspaces.isEmpty }
            }
        }

        @Test("a service that is killed leaves no sandbox behind, and the next one runs its task again, from the start")
        func killedService() async throws {
            try await TestBed.with { bed in
                let scene = try await SandboxScene(bed)
                let script = "echo begun >> README; test $PANDAR_ATTEMPT = 2 || exec sleep 600; wc -l < README"
                try await scene.commit("wait.sh", script)
                try await scene.publisher.send([scene.publisher.request("again", "sh ./wait.sh")])
                try await eventually("the attempt is that far") {
                    scene.workspaces.contains {
                        (try? String(contentsOfFile: $0 + "/README", encoding: .utf8))?.contains("begun") == true
                    }
                }
                let sleeper = scene.processes
                #expect(!sleeper.isEmpty)
                try scene.service.process.signal(SIGKILL)
                try await scene.service.process.ended()
                try await eventually("nothing of the sandbox runs on") { scene.processes.isEmpty }
                try await scene.service.start()
                let task = try await scene.status.task("again", is: "completed")
                #expect(task.snapshot["output"] == "2\n")
                #expect(task.attempts.map { $0["outcome"] } == ["lost", "completed"])
                try await eventually("the workspaces are gone") { scene.workspaces.isEmpty }
            }
        }
    }
}

/// A service with its sandbox on, one project with a repository and a secret, and two web servers on the machine's
/// loopback, of which the project's profile names one. (127.0.0.2: programs do not ask their proxy for 127.0.0.1, which is
/// the sandbox's own.)
private struct SandboxScene {
    let service: Service
    let status: Follower<StatusTopic>
    let records: Follower<RecordList>
    let output: Follower<RecordList>
    let publisher: Publisher
    let source: String
    let secret = "s3cret-\(UUID().uuidString)"
    let allowed: Int64
    let refused: Int64
    private let bed: TestBed

    init(_ bed: TestBed) async throws {
        self.bed = bed
        let cluster = try await Cluster.embedded(bed)
        allowed = try await Self.webServer(bed, "allowed")
        refused = try await Self.webServer(bed, "refused")
        source = bed.path("source")
        let sandboxes = """
            profiles:
              default:
                limits: {memory_mb: 512, disk_mb: 500}
                network: {allow: ["127.0.0.2:\(allowed)"]}
            """
        let projects = """
            projects:
              1:
                name: website
                repository: \(source)
                secrets: {TOKEN: "file:\(try bed.script("token", secret + "\n"))"}
            """
        let settings = [
            "sandbox.mode": "strict", "sandbox.file": try bed.script("sandbox.yaml", sandboxes),
            "projects.file": try bed.script("projects.yaml", projects), "projects.fetch_seconds": "1",
        ]
        try await Self.git(bed, "init", "--quiet", "--initial-branch=main", source)
        service = Service(bed, cluster, settings: ServiceSettings(settings))
        status = try Follower(bed, cluster, cluster.layout.status)
        records = try Follower(bed, cluster, cluster.layout.status)
        output = try Follower(bed, cluster, cluster.layout.output)
        publisher = try Publisher(bed, cluster)
        try await commit("README", "as committed")
        // Without a developer's own interpreters, whose homes a sandbox does not show.
        try await service.start(environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"])
    }

    /// Adds a file to the repository.
    func commit(_ name: String, _ text: String) async throws {
        try Data("\(text)\n".utf8).write(to: URL(fileURLWithPath: "\(source)/\(name)"))
        try await Self.git(bed, "-C", source, "add", name)
        try await Self.git(
            bed, "-C", source, "-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "--quiet",
            "--message", name)
    }

    /// The directories that attempts work in now.
    var workspaces: [String] {
        let root = service.dataDirectory + "/work"
        guard let paths = FileManager.default.enumerator(atPath: root) else { return [] }
        return paths.compactMap { $0 as? String }
            .filter { $0.hasSuffix("/README") && !$0.hasPrefix(".") }
            .map { root + "/" + ($0 as NSString).deletingLastPathComponent }
    }

    /// Processes of the machine whose command line names this service's workspaces, as bubblewrap's does.
    var processes: [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap(Int32.init).filter { pid in
            let line = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/cmdline"))) ?? Data()
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return words.first?.hasSuffix("bwrap") == true
                && words.contains { $0.hasPrefix(service.dataDirectory + "/work/") }
        }
    }

    private static func git(_ bed: TestBed, _ arguments: String...) async throws {
        try await bed.run("/usr/bin/git", arguments).expecting()
    }

    /// - Returns: its port.
    private static func webServer(_ bed: TestBed, _ name: String) async throws -> Int64 {
        let script = """
            import http.server, json
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    body = f'hello from {self.server.server_port}\\n'.encode()
                    self.send_response(200)
                    self.send_header('Content-Length', str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
            server = http.server.ThreadingHTTPServer(('127.0.0.2', 0), Handler)
            print(json.dumps({'event': 'ready', 'port': server.server_port}), flush=True)
            server.serve_forever()
            """
        let ready = try await bed.start("web-\(name)", Programs.python, ["-c", script]).ready()
        return try #require(ready["port"]?.integerValue)
    }
}
