import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("How programs that run outside end, with their attempt or before it")
struct ActEndingTests {
    @Test("A time limit ends all of it, and nobody claims to know what it did")
    func timeLimit() async throws {
        let fixture = try ActFixture(timeoutSeconds: 2)
        let end = try await fixture.granted("kubectl drain node; echo code $?")
        #expect(end.output.contains("code 124\n"))
        #expect(end.errors.contains("time limit of 2 s exceeded"), "\(end.errors)")
        #expect(fixture.acts.first?.exitCode == .some(nil))
    }

    @Test("Stopped while it waits, nothing is done by a late approval, and nothing is left")
    func stopped() async throws {
        let fixture = try ActFixture()
        let ref = try fixture.start("kubectl apply -f a.yaml")
        let question = try await fixture.question(of: ref)
        #expect(fixture.copies.count == 1)
        fixture.runner.executor.stop(ref, reason: .cancelled)
        _ = try await fixture.runner.finished(ref)
        fixture.grant(question, of: ref)
        try await eventually("the copy is gone") { fixture.copies.isEmpty }
        #expect(fixture.cluster.requests.isEmpty)
        #expect(fixture.acts.isEmpty)
    }

    @Test("What was agreed to and has begun goes on when its attempt is stopped, and its end is told")
    func goesOn() async throws {
        let fixture = try ActFixture()
        fixture.cluster.isHolding = true
        let ref = try fixture.start("kubectl delete pod x")
        let question = try await fixture.question(of: ref)
        fixture.grant(question, of: ref)
        try await eventually("it has begun") { !fixture.cluster.requests.isEmpty }
        fixture.runner.executor.stop(ref, reason: .cancelled)
        #expect(try await fixture.runner.finished(ref).outcome == .cancelled)
        fixture.cluster.isHolding = false
        try await fixture.runner.sink.wait("the act") { $0.reports.contains { $0.act != nil } }
        #expect(
            fixture.acts == [
                AttemptAct(confirmationID: "c1", exitCode: 0, summary: "kubectl delete pod x: exit code 0")
            ])
        #expect(fixture.cluster.requests.last?.path == "/deleted")
    }

    @Test("A program that only reads ends with who has called it")
    func reading() async throws {
        let fixture = try ActFixture()
        let end = try await fixture.run("timeout 3 kubectl wait; echo code $?")
        #expect(end.output.hasSuffix("code 124\n"), "\(end.output)")
        try await eventually("the copy is gone") { fixture.copies.isEmpty }
        #expect(fixture.cluster.requests.map(\.path) == ["/wait"])
    }
}
