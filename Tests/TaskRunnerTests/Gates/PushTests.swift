import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("A push to a protected branch waits for a decision")
struct PushTests {
    @Test("What is asked is what is pushed: approved, it lands, and git sees it as any push")
    func approved() async throws {
        let fixture = try GateFixture()
        let old = try fixture.tip("refs/heads/main")
        let ref = try fixture.start("change three; git rev-parse HEAD; git push origin HEAD:main; echo code $?")
        let question = try await fixture.question(of: ref)
        #expect(try fixture.tip("refs/heads/main") == old)
        let new = try #require(try fixture.runner.output().split(separator: "\n").first.map(String.init))
        #expect(question.gate == "git_push_protected")
        #expect(question.action["url"] == .string(fixture.remote))
        let update = try #require(question.updates.first)
        #expect(question.updates.count == 1)
        #expect(update["destination"] == "refs/heads/main")
        #expect(update["old"] == .string(old))
        #expect(update["new"] == .string(new))
        #expect(update["forced"] == .bool(false))
        #expect(update["commits"] == [.string("\(new.prefix(7)) three")])
        #expect(update["diffstat"]?.stringValue?.contains("file | 2 +-") == true)
        fixture.grant(question, of: ref)
        let report = try await fixture.runner.finished(ref)
        #expect(report.outcome == .completed)
        #expect(try fixture.tip("refs/heads/main") == new)
        #expect(try fixture.runner.output().hasSuffix("code 0\n"))
        let errors = try fixture.runner.output("task", .stderr)
        #expect(errors.contains("HEAD -> main"))
        #expect(errors.contains("remote: pandar: This waits for a decision (git_push_protected)."))
        #expect(fixture.acts.map(\.confirmationID) == ["c1"])
        #expect(fixture.acts.first?.exitCode == 0)
        #expect(fixture.acts.first?.summary.contains("\(new.prefix(12)) to refs/heads/main") == true)
    }

    @Test("Refused, nothing lands and git says why")
    func refused() async throws {
        let fixture = try GateFixture()
        let old = try fixture.tip("refs/heads/main")
        let ref = try fixture.start("change three; git push origin HEAD:main; echo code $?")
        let question = try await fixture.question(of: ref)
        fixture.answer(question, of: ref, .refused(reason: "not on a Friday"))
        let report = try await fixture.runner.finished(ref)
        #expect(report.outcome == .completed)
        #expect(try fixture.tip("refs/heads/main") == old)
        #expect(try fixture.runner.output() == "code 1\n")
        #expect(try fixture.runner.output("task", .stderr).contains("not on a Friday"))
        #expect(fixture.acts.isEmpty)
    }

    @Test("A commit that is added after the question is not pushed by its approval")
    func addedLater() async throws {
        let fixture = try GateFixture()
        let ref = try fixture.start(
            """
            change three; git push origin HEAD:main & push=$!
            while [ ! -e go ]; do sleep 0.05; done
            change four; git update-ref refs/heads/main HEAD; git rev-parse HEAD; wait $push; echo code $?
            """)
        let question = try await fixture.question(of: ref)
        let workspace = fixture.runner.directory + "/task-1/workspace/go"
        #expect(FileManager.default.createFile(atPath: workspace, contents: nil))
        try await fixture.runner.sink.wait("the later commit") { $0.text(ref, .stdout).contains("\n") }
        let later = try #require(try fixture.runner.output().split(separator: "\n").first.map(String.init))
        fixture.grant(question, of: ref)
        _ = try await fixture.runner.finished(ref)
        let tip = try fixture.tip("refs/heads/main")
        #expect(tip != later)
        #expect(question.updates.first?["new"] == .string(tip))
        #expect(try fixture.runner.output().hasSuffix("code 0\n"))
    }

    @Test("Where the branch has changed between question and act, nothing is done")
    func changedMeanwhile() async throws {
        let fixture = try GateFixture()
        let ref = try fixture.start("change three; git push --force origin HEAD:main; echo code $?")
        let question = try await fixture.question(of: ref)
        try fixture.source.commit("other", "x")
        try fixture.source.git("push", "--quiet", fixture.remote, "main")
        let other = try fixture.tip("refs/heads/main")
        fixture.grant(question, of: ref)
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.tip("refs/heads/main") == other)
        #expect(try fixture.runner.output() == "code 1\n")
        #expect(fixture.acts.first?.exitCode == 1)
        #expect(fixture.acts.first?.summary.contains("it has changed since") == true)
    }

    @Test("A forced push and a deletion are shown as what they are")
    func forced() async throws {
        let fixture = try GateFixture()
        let ref = try fixture.start(
            "git reset --quiet --hard HEAD~1; change other; git push --force origin HEAD:main; git push origin :main")
        let question = try await fixture.question(of: ref)
        #expect(question.updates.first?["forced"] == .bool(true))
        #expect(question.updates.first?["lost_commit_count"] == 1)
        fixture.answer(question, of: ref, .refused(reason: "no"))
        let second = try await fixture.question(2, of: ref)
        #expect(second.updates.first?["deletes"] == .bool(true))
        fixture.answer(second, of: ref, .refused(reason: "no"))
        _ = try await fixture.runner.finished(ref)
        #expect(!(try fixture.tip("refs/heads/main").isEmpty))
    }

    @Test("A feature branch, a tag and a fetch need nobody, and stand in the record")
    func unasked() async throws {
        let fixture = try GateFixture()
        let end = try await fixture.run(
            """
            change three; git rev-parse HEAD; git push --quiet origin HEAD:feature || exit 1
            git tag -a -m t v2; git push --quiet origin v2 || exit 2
            git fetch --quiet origin || exit 3
            git rev-parse origin/feature; git ls-remote origin v2 | wc -l; git push --quiet origin :feature || exit 4
            git pull --quiet origin main || exit 5
            """)
        #expect(end.report.outcome == .completed, "\(end.errors)")
        let lines = end.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines.count == 3 && lines[0] == lines[1] && lines[2] == "1", "\(end.output)")
        #expect(try fixture.tip("refs/heads/feature").isEmpty)
        #expect(!(try fixture.tip("refs/tags/v2").isEmpty))
        #expect(
            end.errors.contains("pandar: pushed to \(fixture.remote): \(lines[0].prefix(12)) to refs/heads/feature"))
        #expect(end.errors.contains("pandar: git looked at \(fixture.remote)"))
        #expect(fixture.questions.isEmpty)
    }

    @Test("Under the policy auto nobody is asked, and the hit is recorded")
    func automatic() async throws {
        let fixture = try GateFixture()
        let end = try await fixture.run("change three; git push --quiet origin HEAD:main", policy: .auto)
        #expect(end.report.outcome == .completed, "\(end.errors)")
        #expect(end.errors.contains("gate git_push_protected (protected_branch) was hit"), "\(end.errors)")
        #expect(try output(of: ["git", "--git-dir", fixture.remote, "log", "-1", "--format=%s", "main"]) == "three")
    }

    @Test("A shallow clone can push, too")
    func shallow() async throws {
        // Another path than a local clone's.
        let fixture = try GateFixture(depth: 1)
        let end = try await fixture.run("change three; git push --quiet origin HEAD:feature")
        #expect(end.report.outcome == .completed, "\(end.errors)")
        #expect(try output(of: ["git", "--git-dir", fixture.remote, "log", "-1", "--format=%s", "feature"]) == "three")
    }

    @Test("A hook of the project's repository still has its say")
    func serverHook() async throws {
        let fixture = try GateFixture()
        try fixture.place.write(
            "remote.git/hooks/pre-receive", "#!/bin/sh\necho we are closed >&2\nexit 1\n", mode: 0o755)
        let end = try await fixture.run("change three; git push origin HEAD:feature; echo code $?")
        #expect(end.output == "code 1\n")
        #expect(try fixture.tip("refs/heads/feature").isEmpty)
        #expect(end.errors.contains("pre-receive hook declined"), "\(end.errors)")
    }
}
