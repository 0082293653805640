import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("What waits for a decision ends with its attempt")
struct GateEndingTests {
    private static let push = "change three; git push --quiet origin HEAD:main; echo code $?"

    @Test("The question is repeated with every heartbeat, and the time limit does not run meanwhile")
    func repeated() async throws {
        let fixture = try GateFixture(heartbeatSeconds: 1)
        let ref = try fixture.start(Self.push, timeoutSeconds: 5)
        let question = try await fixture.question(of: ref)
        // Longer than the limit of time: only that nothing has ended is looked at.
        try await fixture.runner.sink.wait("eight repetitions") { $0.reports.count { $0.question == question } >= 8 }
        #expect(fixture.runner.sink.recorded.finished(ref) == nil)
        fixture.grant(question, of: ref)
        #expect(try await fixture.runner.finished(ref).outcome == .completed)
    }

    @Test(
        "Stopped, nothing is done by a late approval, and nothing is left",
        arguments: [StopReason.cancelled, .leaseLost])
    func stopped(reason: StopReason) async throws {
        let fixture = try GateFixture()
        let old = try fixture.tip("refs/heads/main")
        let ref = try fixture.start(Self.push)
        let question = try await fixture.question(of: ref)
        fixture.runner.executor.stop(ref, reason: reason)
        let report = try await fixture.runner.finished(ref)
        #expect(report.outcome == (reason == .cancelled ? .cancelled : .lost))
        fixture.grant(question, of: ref)
        try await eventually("the workspace and the push's repository are gone") {
            let work = fixture.runner.directory
            let half = (try? FileManager.default.contentsOfDirectory(atPath: "\(work)/.making")) ?? ["?"]
            return half.isEmpty && !FileManager.default.fileExists(atPath: "\(work)/task-1")
        }
        #expect(try fixture.tip("refs/heads/main") == old)
        #expect(fixture.acts.isEmpty)
    }

    @Test("What is told to stop has nothing done while it still runs")
    func stoppedPolitely() async throws {
        let fixture = try GateFixture()
        let old = try fixture.tip("refs/heads/main")
        let ref = try fixture.start("trap 'git push origin HEAD:late; echo tried $?; exit' TERM; \(Self.push)")
        let question = try await fixture.question(of: ref)
        fixture.runner.executor.stop(ref, reason: .cancelled)
        fixture.grant(question, of: ref)
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.tip("refs/heads/main") == old)
        #expect(try fixture.tip("refs/heads/late").isEmpty)
        #expect(fixture.acts.isEmpty)
    }

    @Test("A git that has lost patience is not waited for; asking again is the same question")
    func impatience() async throws {
        let fixture = try GateFixture(heartbeatSeconds: 1)
        let ref = try fixture.start(
            """
            change three; timeout 3 git push --quiet origin HEAD:main; echo first $?
            git push --quiet origin HEAD:main; echo second $?
            """)
        let question = try await fixture.question(of: ref)
        try await fixture.runner.printed("first 124", by: ref)
        let before = fixture.runner.sink.recorded.reports.count
        try await fixture.runner.sink.wait("the question again") { recorded in
            recorded.reports.dropFirst(before).contains { $0.question == question }
        }
        fixture.grant(question, of: ref)
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.runner.output() == "first 124\nsecond 0\n")
        #expect(Set(fixture.questions.map(\.number)) == [1])
        #expect(fixture.acts.map(\.exitCode) == [0])
    }

    @Test("An approval that comes when nobody waits any more is told as unused")
    func unused() async throws {
        let fixture = try GateFixture()
        let ref = try fixture.start(
            """
            change three; timeout 3 git push --quiet origin HEAD:main; echo first $?
            while [ ! -e go ]; do sleep 0.05; done
            """)
        let question = try await fixture.question(of: ref)
        try await fixture.runner.printed("first 124", by: ref)
        fixture.grant(question, of: ref)
        try await fixture.runner.sink.wait("the act") { $0.reports.contains { $0.act != nil } }
        #expect(fixture.acts.map(\.exitCode) == [nil])
        let go = fixture.runner.directory + "/task-1/workspace/go"
        #expect(FileManager.default.createFile(atPath: go, contents: nil))
        #expect(try await fixture.runner.finished(ref).outcome == .completed)
    }

    @Test("Answers to nothing change nothing; a repeated one acts once")
    func strayAnswers() async throws {
        let fixture = try GateFixture()
        let ref = try fixture.start(Self.push)
        let question = try await fixture.question(of: ref)
        fixture.runner.executor.answer(ref, question: 7, .granted(confirmationID: "x"))
        fixture.runner.executor.answer(try attempt("other"), question: 1, .granted(confirmationID: "x"))
        for _ in 0..<3 { fixture.grant(question, of: ref) }
        #expect(try await fixture.runner.finished(ref).outcome == .completed)
        #expect(fixture.acts.map(\.confirmationID) == ["c1"])
    }
}
