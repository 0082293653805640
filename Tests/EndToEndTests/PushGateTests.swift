import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    /// A real push to a real repository, stopped by a gate in the middle of an attempt.
    @Suite struct PushGate {
        private static let push = """
            git -c user.name=Agent -c user.email=agent@example.invalid commit --quiet --allow-empty --message "$1"
            git push origin HEAD:main
            """

        @Test("a push to a protected branch waits, is shown with its commits, and lands once it is approved")
        func approved() async throws {
            try await TestBed.with { bed in
                let scene = try await PushScene(bed, ["push.sh": Self.push])
                try await scene.request("wanted", "sh ./push.sh wanted")
                let waiting = try await scene.status.task("wanted", is: "waiting_confirmation")
                let confirmation = try #require(waiting.snapshot["confirmation"]?.objectValue)
                #expect(confirmation["gate"] == "git_push_protected")
                let action = JSONWriter.bytes(of: confirmation["action"] ?? .null)
                let shown = String(decoding: action, as: UTF8.self)
                for part in [scene.remote, "refs/heads/main", try await scene.tip, "wanted"] {
                    #expect(shown.contains(part), "\(part) in \(shown)")
                }
                #expect(try await scene.subjects == ["begin"])
                try await scene.command("confirm", "wanted", "--actor", "ben", "--reason", "read it").expecting()
                let task = try await scene.status.task("wanted", is: "completed")
                #expect(try await scene.subjects == ["wanted", "begin"])
                #expect(task.attempts.count == 1)
                let audit = try await scene.command("audit", "wanted").expecting().text
                #expect(audit.contains("ben") && audit.contains("git_push_protected"), "\(audit)")
                try await scene.command("audit", "verify").expecting()
            }
        }

        @Test("after a rejection the commit is absent, and the task ends as its gate says")
        func rejected() async throws {
            try await TestBed.with { bed in
                let scene = try await PushScene(bed, ["push.sh": Self.push])
                try await scene.request("unwanted", "sh ./push.sh unwanted")
                try await scene.status.task("unwanted", is: "waiting_confirmation")
                try await scene.command("reject", "unwanted", "--actor", "ben", "--reason", "no").expecting()
                try await scene.status.task("unwanted", is: "cancelled")
                #expect(try await scene.subjects == ["begin"])
            }
        }

        @Test("a service that is killed while its task waits asks again, and the open approval is for that very commit")
        func killed() async throws {
            try await TestBed.with { bed in
                // The same commit each time, whenever it is made.
                let push = "export GIT_AUTHOR_DATE=@1700000000 GIT_COMMITTER_DATE=@1700000000\n" + Self.push
                let scene = try await PushScene(bed, ["push.sh": push])
                try await scene.request("patient", "sh ./push.sh patient")
                let first = try await scene.status.task("patient", is: "waiting_confirmation")
                try scene.service.process.signal(SIGKILL)
                try await scene.service.process.ended()
                try await scene.service.start(path: PushScene.path)
                try await scene.command("confirm", "patient", "--actor", "ben").expecting()
                let task = try await scene.status.task("patient", is: "completed")
                #expect(try await scene.subjects == ["patient", "begin"])
                #expect(task.attempts.map { $0["outcome"] } == ["lost", "completed"])
                let asked = task.snapshot["confirmations"]?.arrayValue?.compactMap(\.objectValue) ?? []
                let question = first.snapshot["confirmation"]?.objectValue
                #expect(asked.map { $0["confirmation_id"] } == [question?["confirmation_id"]])
            }
        }

        @Test("what was added after the question is not pushed by the approval of what was before")
        func addedLater() async throws {
            try await TestBed.with { bed in
                let script = """
                    export GIT_AUTHOR_NAME=Agent GIT_AUTHOR_EMAIL=agent@example.invalid
                    export GIT_COMMITTER_NAME=Agent GIT_COMMITTER_EMAIL=agent@example.invalid
                    git commit --quiet --allow-empty --message shown
                    git push origin HEAD:main & pusher=$!
                    git commit --quiet --allow-empty --message hidden
                    wait $pusher
                    """
                let scene = try await PushScene(bed, ["push.sh": script])
                try await scene.request("sly", "sh ./push.sh")
                let waiting = try await scene.status.task("sly", is: "waiting_confirmation")
                let action = waiting.snapshot["confirmation"]?.objectValue?["action"] ?? .null
                let shown = String(decoding: JSONWriter.bytes(of: action), as: UTF8.self)
                try await scene.command("confirm", "sly", "--actor", "ben").expecting()
                try await scene.status.task("sly", is: "completed")
                // Whichever of the two the push saw: what was shown is what is there.
                #expect(try await scene.subjects.filter { $0 != "begin" }.allSatisfy { shown.contains($0) })
                #expect(try await scene.subjects.count >= 2)
            }
        }
    }
}

/// A bare repository with a protected `main`, and a service whose one project it is.
private struct PushScene {
    let service: Service
    let status: Follower<StatusTopic>
    let remote: String
    private let publisher: Publisher
    private let bed: TestBed

    static let path = "/usr/local/bin:/usr/bin:/bin"

    init(_ bed: TestBed, _ files: [String: String]) async throws {
        self.bed = bed
        let cluster = try await Cluster.embedded(bed)
        remote = bed.path("remote.git")
        let source = bed.path("source")
        try await Self.git(bed, "init", "--quiet", "--bare", "--initial-branch=main", remote)
        try await Self.git(bed, "init", "--quiet", "--initial-branch=main", source)
        for (name, text) in files {
            try Data("set -e\n\(text)\n".utf8).write(to: URL(fileURLWithPath: "\(source)/\(name)"))
        }
        try await Self.git(bed, "-C", source, "add", ".")
        try await Self.git(
            bed, "-C", source, "-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "--quiet",
            "--message", "begin")
        try await Self.git(bed, "-C", source, "push", "--quiet", remote, "HEAD:main")
        let projects = """
            projects:
              1:
                name: website
                repository: \(remote)
            """
        service = Service(
            bed, cluster,
            settings: ServiceSettings([
                "sandbox.mode": "strict", "projects.file": try bed.script("projects.yaml", projects),
            ]))
        status = try Follower(bed, cluster, cluster.layout.status)
        publisher = try Publisher(bed, cluster)
        try await service.start(path: Self.path)
    }

    /// Asks for a task with the gate, in the name of ana.
    func request(_ id: String, _ command: String) async throws {
        let metadata: JSONObject = JSONObject([
            .init(name: "approval_policy", value: "auto_with_gates"),
            .init(name: "gates", value: .array(["git_push_protected"])),
            .init(name: "max_retries", value: 0),
        ])
        try await publisher.send([
            publisher.request(id, command, metadata: metadata, further: ["created_by": "ana"])
        ])
    }

    func command(_ words: String...) async throws -> CommandResult {
        try await bed.run(Programs.pandar, words + service.clientFlags)
    }

    /// The first lines of the commits of the remote's `main`, the latest first.
    var subjects: [String] {
        get async throws {
            try await bed.run("/usr/bin/git", ["-C", remote, "log", "--format=%s", "main"]).expecting().lines
        }
    }

    /// The commit that the remote's `main` is at.
    var tip: String {
        get async throws {
            try await bed.run("/usr/bin/git", ["-C", remote, "rev-parse", "main"]).expecting().lines[0]
        }
    }

    private static func git(_ bed: TestBed, _ arguments: String...) async throws {
        try await bed.run("/usr/bin/git", arguments).expecting()
    }
}
