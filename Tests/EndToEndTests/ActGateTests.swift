import Foundation
import Kafka
import TaskModel
import TestKit
import Testing

extension EndToEnd.Interfaces {
    /// A program that a gate looks at, with credentials that only the project has, in the middle of an attempt.
    @Suite struct ActGate {
        @Test("kubectl apply waits, is shown with its file, and runs outside with the credential once it is approved")
        func approved() async throws {
            try await TestBed.with { bed in
                let scene = try await ActScene(bed, "kubectl apply -f site.yaml; cat applied")
                let action = try await scene.asked("wanted")
                #expect(action["argv"] == ["kubectl", "apply", "-f", "site.yaml"])
                #expect(action["files"]?.arrayValue?.first?.objectValue?["path"] == "site.yaml")
                try await scene.command("confirm", "wanted", "--actor", "ben").expecting()
                let task = try await scene.status.task("wanted", is: "completed")
                let output = task.snapshot["output"]?.stringValue ?? ""
                #expect(output.contains("applied replicas: 3 as admin"), "\(output)")
                #expect(!output.contains(ActScene.token))
                let act = task.snapshot["confirmations"]?.arrayValue?.first?.objectValue?["used"]?.objectValue?["act"]
                #expect(act?.objectValue?["exit_code"] == 0)
            }
        }

        @Test("rejected, it does not run, and the task ends as its gate says")
        func rejected() async throws {
            try await TestBed.with { bed in
                let scene = try await ActScene(bed, "kubectl apply -f site.yaml; cat applied")
                _ = try await scene.asked("unwanted")
                try await scene.command("reject", "unwanted", "--actor", "ben").expecting()
                let task = try await scene.status.task("unwanted", is: "cancelled")
                #expect(task.snapshot["output"]?.stringValue?.contains("as admin") == false)
            }
        }

        @Test("killed in the middle of it, a human is asked again, who is told that it may have been done")
        func killed() async throws {
            try await TestBed.with { bed in
                let scene = try await ActScene(bed, "kubectl delete -f site.yaml")
                _ = try await scene.asked("slow")
                try await scene.command("confirm", "slow", "--actor", "ben").expecting()
                try await eventually("it runs") { ActScene.isDeleting }
                try await scene.kill()
                try await eventually("it has died with the service") { !ActScene.isDeleting }
                try await scene.restart()
                let again = try await scene.status.state.until("it asks again", seconds: 180) { state -> JSONObject? in
                    let open = state.tasks["slow"]?.snapshot["confirmation"]?.objectValue
                    return open?["confirmation_id"]?.stringValue == "slow/2" ? open : nil
                }
                #expect(again["warning"]?.stringValue?.contains("may have been done already") == true)
                try await scene.command("reject", "slow", "--id", "slow/2", "--actor", "ben").expecting()
                try await scene.status.task("slow", is: "cancelled")
            }
        }
    }
}

/// A project that lends kubectl a credential, and a service that runs its tasks.
private struct ActScene {
    let service: Service
    let status: Follower<StatusTopic>
    private let publisher: Publisher
    private let bed: TestBed
    private let path: String

    static let token = "tok-52e6d0c19ab84f37"
    /// Seconds that nobody else sleeps.
    private static let nap = "86397"

    /// What stands for kubectl: does nothing without the token from its home directory.
    private static let kubectl = """
        #!/bin/sh
        grep --quiet \(token) "$HOME/.kube/config" || { echo "no credential" >&2; exit 9; }
        case $1 in
        apply) echo "applied $(cat "$3") as admin" > applied;;
        delete) exec sleep \(nap);;
        esac

        """

    init(_ bed: TestBed, _ script: String) async throws {
        self.bed = bed
        for name in ["bin", "source"] {
            try FileManager.default.createDirectory(atPath: bed.path(name), withIntermediateDirectories: true)
        }
        _ = try bed.script("bin/kubectl", Self.kubectl)
        _ = try bed.script("source/work.sh", "set -e\n\(script)\n")
        _ = try bed.script("source/site.yaml", "replicas: 3\n")
        path = bed.path("bin") + ":/usr/local/bin:/usr/bin:/bin"
        let projects = """
            projects:
              1:
                name: website
                directory: \(bed.path("source"))
                acts:
                  kubectl:
                    files: {.kube/config: "file:\(try bed.script("kubeconfig", "token: \(Self.token)\n"))"}
            """
        let cluster = try await Cluster.embedded(bed)
        service = Service(
            bed, cluster,
            settings: ServiceSettings([
                "sandbox.mode": "strict", "projects.file": try bed.script("projects.yaml", projects),
            ]))
        status = try Follower(bed, cluster, cluster.layout.status)
        publisher = try Publisher(bed, cluster)
        try await restart()
    }

    func restart() async throws { try await service.start(environment: ["PATH": path]) }

    /// `kill -9`, at once.
    func kill() async throws {
        try service.process.signal(SIGKILL)
        try await service.process.ended()
    }

    func command(_ words: String...) async throws -> CommandResult {
        try await bed.run(Programs.pandar, words + service.clientFlags)
    }

    /// Has the script run, and waits for its question.
    ///
    /// - Returns: the act that is asked about.
    func asked(_ id: String) async throws -> JSONObject {
        let metadata: JSONObject = JSONObject([
            .init(name: "approval_policy", value: "auto_with_gates"),
            .init(name: "gates", value: .array(["infra_change"])),
            .init(name: "max_retries", value: 0),
        ])
        try await publisher.send([
            publisher.request(id, "sh ./work.sh", metadata: metadata, further: ["created_by": "ana"])
        ])
        let waiting = try await status.task(id, is: "waiting_confirmation")
        return try #require(waiting.snapshot["confirmation"]?.objectValue?["action"]?.objectValue)
    }

    /// Whether some kubectl is at its deletion.
    static var isDeleting: Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { process in
            let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") ?? Data()
            return words == Data("sleep\0\(nap)\0".utf8)
        }
    }
}
