import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("Secrets and programs that gates look at")
struct SecretGateTests {
    private func fixture() throws -> GateFixture {
        try GateFixture(secrets: ["API_KEY": "correct-horse-battery\n"])
    }

    @Test("A gated secret is no variable, is given once somebody has agreed, and stays masked")
    func given() async throws {
        let fixture = try fixture()
        let ref = try fixture.start(
            """
            echo "variable ${API_KEY-none}"; value=$(pandar-secret API_KEY); echo "code $? ${#value} $value"
            """, gates: ["secrets_access"])
        let question = try await fixture.question(of: ref)
        #expect(question.gate == "secrets_access")
        #expect(question.action["secret"] == "API_KEY")
        fixture.grant(question, of: ref)
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.runner.output() == "variable none\ncode 0 21 ***\n")
        #expect(
            fixture.acts == [AttemptAct(confirmationID: "c1", exitCode: 0, summary: "the secret API_KEY was given")])
    }

    @Test("Refused, there is none")
    func refused() async throws {
        let fixture = try fixture()
        let ref = try fixture.start("pandar-secret API_KEY; echo code $?", gates: ["secrets_access"])
        fixture.answer(try await fixture.question(of: ref), of: ref, .refused(reason: "not now"))
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.runner.output() == "code 77\n")
        #expect(try fixture.runner.output("task", .stderr).contains("not now"))
        #expect(fixture.acts.isEmpty)
    }

    @Test("Without the gate it is there as before, and another name is none")
    func ungated() async throws {
        let fixture = try fixture()
        let end = try await fixture.run(
            "echo $API_KEY; pandar-secret API_KEY; pandar-secret OTHER; echo code $?", gates: [])
        #expect(end.output == "***\n***code 77\n")
    }

    @Test("A program that a gate looks at is not run when it is hit, and runs inside when it is not")
    func programs() async throws {
        let fixture = try fixture()
        let end = try await fixture.run(
            """
            mkdir bin; printf '#!/bin/sh\\necho real "$@"\\n' > bin/kubectl; chmod +x bin/kubectl
            PATH="$PATH:/workspace/bin"; PATH="/run/pandar/bin:/workspace/bin:/usr/bin:/bin"
            kubectl get pods; kubectl apply -f x.yaml; echo code $?
            """, gates: ["infra_change"])
        #expect(end.output == "real get pods\ncode 77\n")
        #expect(end.errors.contains("gives no credentials"), "\(end.errors)")
        #expect(fixture.questions.isEmpty)
    }
}
