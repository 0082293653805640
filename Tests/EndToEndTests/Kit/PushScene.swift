import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

/// A bare repository with a protected `main`, and a service whose one project it is.
struct PushScene {
    let service: Service
    let status: Follower<StatusTopic>
    let remote: String
    let cluster: Cluster
    let bed: TestBed
    private let publisher: Publisher
    private let environment: [String: String]

    private static let path = "/usr/local/bin:/usr/bin:/bin"

    /// Commits, and pushes to the protected branch.
    static let push = """
        git -c user.name=Agent -c user.email=agent@example.invalid commit --quiet --allow-empty --message "$1"
        git push origin HEAD:main
        """
    /// The same commit each time, whenever it is made, and none where it is there already.
    static let repeatablePush = """
        export GIT_AUTHOR_DATE=@1700000000 GIT_COMMITTER_DATE=@1700000000
        if git log --format=%s | grep --quiet --line-regexp "$1"; then exit 0; fi
        """ + "\n" + push

    /// - Parameters:
    ///   - files: what stands in the repository, shell scripts.
    ///   - project: further lines of YAML about the project.
    ///   - settings: of the service, beside those of the scene.
    ///   - environment: variables of the service.
    init(
        _ bed: TestBed, _ files: [String: String], project: [String] = [], settings: [String: String] = [:],
        environment: [String: String] = [:]
    ) async throws {
        self.bed = bed
        self.environment = environment.merging(["PATH": Self.path]) { $1 }
        cluster = try await Cluster.embedded(bed)
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
            """ + project.map { "\n    \($0)" }.joined()
        service = Service(
            bed, cluster,
            settings: ServiceSettings(
                [
                    "sandbox.mode": "strict", "projects.file": try bed.script("projects.yaml", projects),
                ].merging(settings) { $1 }))
        status = try Follower(bed, cluster, cluster.layout.status)
        publisher = try Publisher(bed, cluster)
        try await service.start(environment: environment)
    }

    /// Asks for a task with the gate, in the name of ana.
    func request(_ id: String, _ command: String, metadata more: [String: JSONValue] = [:]) async throws {
        var metadata: JSONObject = JSONObject([
            .init(name: "approval_policy", value: "auto_with_gates"),
            .init(name: "gates", value: .array(["git_push_protected"])),
            .init(name: "max_retries", value: 0),
        ])
        for (name, value) in more { metadata[name] = value }
        try await publisher.send([
            publisher.request(id, command, metadata: metadata, further: ["created_by": "ana"])
        ])
    }

    /// `kill -9`, at once.
    func kill() async throws {
        try service.process.signal(SIGKILL)
        try await service.process.ended()
    }

    func restart() async throws { try await service.start(environment: environment) }

    /// Waits until the log says that the task's first approval is used.
    func grantIsTold(_ id: String) async throws {
        try await status.state.until("the grant is told") { state in
            state.tasks[id]?.confirmations.first?["used"] != nil ? true : nil
        }
    }

    /// A hook of the remote.
    func hook(_ name: String, _ script: String) throws {
        let file = "\(remote)/hooks/\(name)"
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
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
