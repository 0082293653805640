import Foundation
import TaskModel
import TaskRunner
import Testing

/// A project that has programs run outside, a cluster that they change, and attempts.
final class ActFixture: AskingFixture {
    let place: Place
    let cluster: Cluster
    let runner: RunnerFixture

    static let token = "tok-8d1f6a94c7e2b350"
    static let password = "pass-5b0e93d1aa"

    /// What stands for kubectl: has its token from its home directory, and changes the cluster by the network.
    private static func kubectl(_ port: Int) -> String {
        """
        #!/bin/sh
        token=$(sed -n 's/^token: //p' "$HOME/.kube/config" 2>/dev/null)
        post() { curl -sS --fail --noproxy '' -H "Authorization: $token" --data-binary "@$2" "http://127.0.0.1:\(port)/$1"; }
        case $1 in
        apply) post apply "$3" || exit 9; echo "applied with $token and $CLUSTER_PASSWORD"; echo "warned $token" >&2; exit 3;;
        get) post get /dev/null; pwd; env | cut -d= -f1 | sort | tr '\\n' ' ';;
        write) echo made > made; mkdir -p deep/er; echo more > deep/er/file; echo "$token" > leaked; echo new > old.yaml
            echo mine > both.yaml; ln -s /etc/passwd link; mkdir -p .git/hooks; echo x > .git/hooks/evil;;
        wait|drain) post wait /dev/null; sleep 600;;
        delete) while [ "$(post poll /dev/null)" != done ]; do sleep 0.1; done; post deleted /dev/null;;
        leak) cat "$3" /workspace/inner.yaml; cat outer.yaml up.yaml; exit 0;;
        *) exit 8;;
        esac

        """
    }

    /// - Parameter timeoutSeconds: of kubectl.
    init(timeoutSeconds: Int = 600, ungated: UngatedCommands? = nil, secrets: [ProjectSecret] = []) throws {
        let place = try Place()
        self.place = place
        cluster = try Cluster()
        let program = Self.kubectl(cluster.port)
        for name in ["kubectl", "terraform"] { try place.write("bin/\(name)", program, mode: 0o755) }
        chmod(place / "bin", 0o755)
        try place.write("source/a.yaml", "first")
        try place.write("source/old.yaml", "old")
        try place.write("source/both.yaml", "both")
        try place.directory("source/sub")
        let source = SecretSource.file(
            try place.write("secrets/kubeconfig", "user: x\ntoken: \(Self.token)\n", mode: 0o600))
        let password = SecretSource.file(try place.write("secrets/password", Self.password, mode: 0o600))
        let acts = ["kubectl", "terraform"].map { program in
            ProjectAct(
                program: program, environment: [ProjectSecret(name: "CLUSTER_PASSWORD", source: password)],
                files: [ProjectFile(path: ".kube/config", source: source)], sandboxProfile: "cluster",
                timeoutSeconds: timeoutSeconds, ungated: program == "kubectl" ? ungated : nil)
        }
        let project = Project(
            id: 1, name: "test", source: .directory(place / "source"), secrets: secrets, acts: acts)
        let path = "\(place / "bin"):\(RunnerFixture.path)"
        runner = try RunnerFixture(
            heartbeatSeconds: 5, killGraceSeconds: 1,
            isolation: RunnerFixture.sandbox(
                SandboxProfile(), SandboxProfile(name: "cluster", network: ["127.0.0.1:\(cluster.port)"]), path: path),
            projects: ProjectCatalog([project]), path: path)
    }

    @discardableResult
    func start(
        _ script: String, policy: ApprovalPolicy = .autoWithGates, gates: [String] = ["infra_change"],
        id: String = "task"
    ) throws -> AttemptRef {
        let order = try RunnerFixture.order(
            RunnerFixture.shell(script), id: id, metadata: TaskMetadata(approvalPolicy: policy, gates: gates))
        runner.executor.start(order, leaseFrom: Uptime.now)
        return order.ref
    }

    /// Runs a script that is asked nothing to its end.
    func run(
        _ script: String, policy: ApprovalPolicy = .autoWithGates, gates: [String] = ["infra_change"]
    ) async throws -> (report: RunnerReport, output: String, errors: String) {
        let report = try await runner.finished(try start(script, policy: policy, gates: gates))
        return (report, try runner.output(), try runner.output("task", .stderr))
    }

    /// Runs a script to its end and grants what it asks first.
    func granted(_ script: String) async throws -> (question: AttemptQuestion, output: String, errors: String) {
        let ref = try start(script)
        let question = try await question(of: ref)
        grant(question, of: ref)
        _ = try await runner.finished(ref)
        return (question, try runner.output(), try runner.output("task", .stderr))
    }

    /// Lets a script go on that waits for a file of that name.
    func lay(_ name: String, of task: String = "task") {
        #expect(
            FileManager.default.createFile(atPath: "\(runner.directory)/\(task)-1/workspace/\(name)", contents: nil))
    }

    /// Copies of workspaces that are still there.
    var copies: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(runner.directory)/.making")) ?? ["?"]
    }
}
