import Foundation
import Gates
import TaskModel
import Testing

@testable import TaskRunner

@Suite("A push that is asked about beforehand")
struct PreflightTests {
    private static let ask = "PANDAR_PUSH=ask git push origin HEAD:main"

    @Test("is asked about once and pushed once; until then git takes nothing for pushed")
    func approved() async throws {
        let fixture = try GateFixture()
        let old = try fixture.tip("refs/heads/main")
        let ref = try fixture.start(
            """
            change three; git rev-parse HEAD origin/main; \(Self.ask); echo code $?
            git rev-parse origin/main; git for-each-ref | grep -c pandar; git ls-remote origin main | cut -f1
            git push origin HEAD:main; echo code $?; git rev-parse origin/main
            """)
        let question = try await fixture.question(of: ref)
        fixture.grant(question, of: ref)
        #expect(try await fixture.runner.finished(ref).outcome == .completed)
        let lines = try fixture.runner.output().split(separator: "\n").map(String.init)
        let new = try #require(lines.first)
        #expect(lines == [new, old, "code 0", old, "0", old, "code 0", new])
        #expect(try fixture.tip("refs/heads/main") == new)
        #expect(fixture.questions.map(\.number) == [1])
        #expect(fixture.acts.map(\.confirmationID) == ["c1"])
        #expect(fixture.acts.first?.exitCode == 0)
        let errors = try fixture.runner.output("task", .stderr)
        #expect(errors.contains("remote: pandar: Approved; nothing has been pushed yet."), "\(errors)")
    }

    @Test("and refused: git says why, and the push itself is asked about anew")
    func refused() async throws {
        let fixture = try GateFixture()
        let old = try fixture.tip("refs/heads/main")
        let ref = try fixture.start("change three; \(Self.ask); echo code $?; git push origin HEAD:main; echo code $?")
        let question = try await fixture.question(of: ref)
        fixture.answer(question, of: ref, .refused(reason: "not on a Friday"))
        let second = try await fixture.question(2, of: ref)
        fixture.answer(second, of: ref, .refused(reason: "nor on a Monday"))
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.runner.output() == "code 1\ncode 1\n")
        #expect(try fixture.runner.output("task", .stderr).contains("not on a Friday"))
        #expect(try fixture.tip("refs/heads/main") == old)
        #expect(fixture.acts.isEmpty)
    }

    @Test(
        "gives no approval for anything else",
        arguments: [
            "change four; git push origin HEAD:main", "git push origin HEAD:master",
            "git push origin HEAD:main HEAD:extra", "git push origin :main",
        ])
    func another(push: String) async throws {
        let fixture = try GateFixture()
        let ref = try fixture.start("change three; \(Self.ask); echo code $?; \(push); echo code $?")
        fixture.grant(try await fixture.question(of: ref), of: ref)
        let second = try await fixture.question(2, of: ref)
        fixture.answer(second, of: ref, .refused(reason: "no"))
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.runner.output() == "code 0\ncode 1\n")
        #expect(fixture.acts.map(\.confirmationID) == ["c1"])
        #expect(fixture.acts.first?.exitCode == nil)
    }

    @Test("is approved for one push, not for two")
    func once() async throws {
        let fixture = try GateFixture()
        let old = try fixture.tip("refs/heads/main")
        // The remote itself takes nothing, so that the very same push is possible once more.
        let hook = fixture.remote + "/hooks/pre-receive"
        #expect(FileManager.default.createFile(atPath: hook, contents: Data("#!/bin/sh\nexit 1\n".utf8)))
        #expect(chmod(hook, 0o755) == 0)
        let ref = try fixture.start(
            """
            change three; \(Self.ask); echo code $?; \(Self.ask); echo code $?
            git push --quiet origin HEAD:main; echo code $?
            git push --quiet origin HEAD:main; echo code $?
            """)
        fixture.grant(try await fixture.question(of: ref), of: ref)
        // The second preflight of the same push asks nobody; neither does the push. Another one does.
        let second = try await fixture.question(2, of: ref)
        fixture.answer(second, of: ref, .refused(reason: "no"))
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.runner.output().hasSuffix("code 0\ncode 0\ncode 1\ncode 1\n"))
        #expect(try fixture.tip("refs/heads/main") == old)
        #expect(fixture.acts.map(\.exitCode) == [1])
    }

    @Test("and never done is told as such, before the end of the attempt")
    func unused() async throws {
        let fixture = try GateFixture()
        let old = try fixture.tip("refs/heads/main")
        let ref = try fixture.start("change three; \(Self.ask); echo code $?")
        fixture.grant(try await fixture.question(of: ref), of: ref)
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.tip("refs/heads/main") == old)
        let reports = fixture.runner.sink.recorded.reports.filter { $0.act != nil || $0.kind == .finished }
        #expect(reports.map(\.kind) == [.acted, .finished])
        #expect(reports.first?.act?.exitCode == nil)
        #expect(reports.first?.act?.summary.contains("approved, but the push did not follow") == true)
    }

    @Test("that hits no gate asks nobody, and pushes nothing")
    func free() async throws {
        let fixture = try GateFixture()
        let end = try await fixture.run(
            "change three; PANDAR_PUSH=ask git push origin HEAD:feature; echo code $?; git push -q origin HEAD:feature")
        #expect(end.output == "code 0\n", "\(end.errors)")
        #expect(end.errors.contains("This needs no decision; nothing has been pushed yet."))
        #expect(fixture.questions.isEmpty && fixture.acts.isEmpty)
        #expect(try output(of: ["git", "--git-dir", fixture.remote, "log", "-1", "--format=%s", "feature"]) == "three")
    }

    @Test("of several gates needs them all, and all are used by the push")
    func several() async throws {
        let every = GateDefinition(
            "every_push", description: "Something would be pushed.",
            triggers: [.push(PushTrigger("any", branches: ["*"]))])
        let fixture = try GateFixture(gates: GateCatalog(GateCatalog.builtIn.gates + [every]))
        let gates = ["git_push_protected", "every_push"]
        let ref = try fixture.start(
            "change three; \(Self.ask); echo code $?; git push -q origin HEAD:main; echo code $?", gates: gates)
        fixture.grant(try await fixture.question(of: ref), of: ref, "c1")
        fixture.grant(try await fixture.question(2, of: ref), of: ref, "c2")
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.runner.output() == "code 0\ncode 0\n")
        #expect(Set(fixture.acts.map(\.confirmationID)) == ["c1", "c2"])
        #expect(fixture.acts.allSatisfy { $0.exitCode == 0 })
    }
}

@Suite("Approvals of pushes to come")
struct PushApprovalTests {
    private func push(_ new: String, to name: String = "refs/heads/main", at location: String = "x")
        -> PushApprovals.Push
    {
        PushApprovals.Push(location: location, updates: [PushUpdate(reference: name, old: "o", new: new)])
    }

    @Test("are for that push, once")
    func once() {
        var approvals = PushApprovals()
        #expect(approvals.keep(["a"], for: push("n")).isEmpty)
        for other in [push("m"), push("n", to: "refs/heads/other"), push("n", at: "y")] {
            #expect(approvals.take(other) == nil)
        }
        #expect(approvals.contains(push("n")))
        #expect(approvals.take(push("n")) == ["a"])
        #expect(approvals.take(push("n")) == nil)
    }

    @Test("are none of them lost")
    func kept() {
        var approvals = PushApprovals()
        #expect(approvals.keep(["b", "a"], for: push("n")).isEmpty)
        #expect(approvals.keep(["c"], for: push("n")) == ["b", "a"])
        #expect(approvals.keep(["d"], for: push("m")).isEmpty)
        #expect(approvals.takeAll() == ["c", "d"])
        #expect(approvals.takeAll().isEmpty)
    }
}
