import Foundation
import Gates
import TaskModel
import Testing

@testable import TaskRunner

/// A project with a bare repository, and attempts on it that must ask.
final class GateFixture: AskingFixture {
    let place: Place
    let source: SourceRepository
    let runner: RunnerFixture
    /// The project's repository.
    var remote: String { place / "remote.git" }

    /// What every script begins with.
    static let preamble = """
        export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=a
        export GIT_COMMITTER_EMAIL=a@example.invalid
        change() { echo "$1" > file; git commit --quiet --all -m "$1" || exit 90; }

        """

    init(
        heartbeatSeconds: Int = 5, secrets: [String: String] = [:], profile: SandboxProfile = SandboxProfile(),
        depth: Int = 0, gates: GateCatalog = .builtIn
    ) throws {
        let place = try Place()
        self.place = place
        source = try SourceRepository(place)
        try output(of: ["git", "clone", "--quiet", "--bare", source.path, place / "remote.git"])
        let project = Project(
            id: 1, name: "test", source: .repository(Repository(location: place / "remote.git", depth: depth)),
            secrets: try secrets.map { name, value in
                ProjectSecret(name: name, source: .file(try place.write("secrets/\(name)", value, mode: 0o600)))
            })
        runner = try RunnerFixture(
            heartbeatSeconds: heartbeatSeconds, killGraceSeconds: 1, isolation: RunnerFixture.sandbox(profile),
            projects: ProjectCatalog([project]), gates: gates)
    }

    /// Starts a script in a clone of the repository.
    @discardableResult
    func start(
        _ script: String, policy: ApprovalPolicy = .autoWithGates, gates: [String] = ["git_push_protected"],
        id: String = "task", timeoutSeconds: Int = 600
    ) throws -> AttemptRef {
        let order = try RunnerFixture.order(
            RunnerFixture.shell(Self.preamble + script), id: id, timeoutSeconds: timeoutSeconds,
            metadata: TaskMetadata(approvalPolicy: policy, gates: gates))
        runner.executor.start(order, leaseFrom: Uptime.now)
        return order.ref
    }

    /// Runs a script that is asked nothing to its end.
    func run(
        _ script: String, policy: ApprovalPolicy = .autoWithGates, gates: [String] = ["git_push_protected"]
    ) async throws -> (report: RunnerReport, output: String, errors: String) {
        let report = try await runner.finished(try start(script, policy: policy, gates: gates))
        return (report, try runner.output(), try runner.output("task", .stderr))
    }

    /// What a reference of the project's repository is; empty where there is none.
    func tip(_ name: String) throws -> String {
        try output(of: [
            "git", "--git-dir", remote, "for-each-ref", "--format=%(objectname)", name,
        ])
    }
}

/// Has attempts that ask.
protocol AskingFixture: Sendable {
    var runner: RunnerFixture { get }
}

extension AskingFixture {
    /// The question of that number.
    func question(_ number: Int = 1, of ref: AttemptRef) async throws -> AttemptQuestion {
        let recorded = try await runner.sink.wait("question \(number)") { recorded in
            recorded.reports.contains { $0.ref == ref && ($0.question?.number == number || $0.kind == .finished) }
        }
        let found = recorded.reports.lazy.compactMap(\.question).first { $0.number == number }
        let errors = recorded.text(ref, .stderr)
        return try #require(found, "it has ended without a question: \(errors)")
    }

    func answer(_ question: AttemptQuestion, of ref: AttemptRef, _ answer: QuestionAnswer) {
        runner.executor.answer(ref, question: question.number, answer)
    }

    func grant(_ question: AttemptQuestion, of ref: AttemptRef, _ id: String = "c1") {
        answer(question, of: ref, .granted(confirmationID: id))
    }

    /// What was told of acts.
    var acts: [AttemptAct] { runner.sink.recorded.reports.compactMap(\.act) }
    var questions: [AttemptQuestion] { runner.sink.recorded.reports.compactMap(\.question) }
}

extension AttemptQuestion {
    var updates: [JSONObject] {
        guard case .array(let updates)? = action["updates"] else { return [] }
        return updates.compactMap(\.objectValue)
    }
}
