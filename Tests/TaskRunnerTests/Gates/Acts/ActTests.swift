import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("Programs that run outside with the project's credentials")
struct ActTests {
    @Test("Approved, it happens outside; output, errors and exit code come back without the credentials")
    func approved() async throws {
        let fixture = try ActFixture()
        let end = try await fixture.granted("kubectl apply -f a.yaml; echo code $?")
        #expect(
            fixture.cluster.requests == [
                Cluster.Request(path: "/apply", authorization: ActFixture.token, body: "first")
            ])
        #expect(end.output == "done\napplied with *** and ***\ncode 3\n")
        #expect(end.errors.contains("warned ***"), "\(end.errors)")
        #expect(end.errors.contains("ran outside: kubectl apply -f a.yaml: exit code 3"))
        #expect(
            fixture.acts == [
                AttemptAct(confirmationID: "c1", exitCode: 3, summary: "kubectl apply -f a.yaml: exit code 3")
            ])
        #expect(end.question.gate == "infra_change")
        #expect(end.question.rule == "kubectl")
        #expect(end.question.action["argv"] == ["kubectl", "apply", "-f", "a.yaml"])
        #expect(end.question.action["directory"] == ".")
        let file = end.question.action["files"]?.arrayValue?.first?.objectValue
        #expect(file?["path"] == "a.yaml")
        let sum = try output(of: ["sha256sum", fixture.place / "source/a.yaml"])
        #expect(file?["sha256"] == .string(String(sum.prefix(64))))
    }

    @Test("Refused, nothing happens")
    func refused() async throws {
        let fixture = try ActFixture()
        let ref = try fixture.start("kubectl apply -f a.yaml; echo code $?")
        fixture.answer(try await fixture.question(of: ref), of: ref, .refused(reason: "not today"))
        _ = try await fixture.runner.finished(ref)
        #expect(try fixture.runner.output() == "code 77\n")
        #expect(try fixture.runner.output("task", .stderr).contains("not today"))
        #expect(fixture.cluster.requests.isEmpty)
        #expect(fixture.acts.isEmpty)
    }

    @Test("What is changed after the question is not what is done, and is another question")
    func changedMeanwhile() async throws {
        let fixture = try ActFixture()
        let ref = try fixture.start(
            """
            (while [ ! -e go ]; do sleep 0.05; done; echo second > a.yaml; touch changed) &
            kubectl apply -f a.yaml; wait; rm go changed; kubectl apply -f a.yaml
            """)
        let question = try await fixture.question(of: ref)
        fixture.lay("go")
        let changed = "\(fixture.runner.directory)/task-1/workspace/changed"
        try await eventually("the file is changed") { FileManager.default.fileExists(atPath: changed) }
        fixture.grant(question, of: ref)
        let second = try await fixture.question(2, of: ref)
        #expect(fixture.cluster.requests.map(\.body) == ["first"])
        #expect(second.action["workspace_sha256"] != question.action["workspace_sha256"])
        #expect(second.action["files"] != question.action["files"])
        fixture.answer(second, of: ref, .refused(reason: "no"))
        _ = try await fixture.runner.finished(ref)
    }

    @Test("Another attempt's same command on the same files is the same question")
    func sameQuestion() async throws {
        let fixture = try ActFixture()
        let refs = try ["one", "two"].map { try fixture.start("kubectl apply -f a.yaml", id: $0) }
        let first = try await fixture.question(of: refs[0])
        let second = try await fixture.question(of: refs[1])
        #expect(first.action == second.action)
        for ref in refs { fixture.runner.executor.stop(ref, reason: .cancelled) }
        for ref in refs { _ = try await fixture.runner.finished(ref) }
    }

    @Test("Standard input arrives, and is part of the question")
    func input() async throws {
        let fixture = try ActFixture()
        let end = try await fixture.granted("echo from input | kubectl apply -f -; echo code $?")
        #expect(fixture.cluster.requests.map(\.body) == ["from input\n"])
        #expect(end.question.action["stdin"]?.objectValue?["size"] == 11)
        #expect(end.output.hasSuffix("code 3\n"))
    }

    @Test("Too much standard input is refused, and nobody asked")
    func largeInput() async throws {
        let fixture = try ActFixture()
        let end = try await fixture.run("head -c 1048577 /dev/zero | kubectl apply -f -; echo code $?")
        #expect(end.output == "code 77\n")
        #expect(end.errors.contains("larger than 1048576 bytes"), "\(end.errors)")
        #expect(fixture.questions.isEmpty)
    }

    @Test("An input that never ends holds up no command whose words do not ask for it")
    func endlessInput() async throws {
        let fixture = try ActFixture()
        let end = try await fixture.run("mkfifo /tmp/p; exec 9<>/tmp/p; kubectl get pods <&9 >/dev/null; echo code $?")
        #expect(end.output == "code 0\n", "\(end.errors)")
    }

    @Test("What no gate is hit by runs outside unasked, is recorded, and gets no variable that could lead it astray")
    func ungated() async throws {
        let fixture = try ActFixture()
        let end = try await fixture.run(
            """
            cd sub; export KUBECONFIG=/workspace/evil AWS_ENDPOINT_URL=http://evil HELM_PLUGINS=. TF_CLI_ARGS=x
            export LD_PRELOAD=/workspace/evil.so TF_VAR_size=3
            kubectl get pods 2>/dev/null; echo code $?
            """)
        #expect(fixture.cluster.requests.map(\.path) == ["/get"])
        #expect(end.output.hasPrefix("done\n/workspace/sub\n"), "\(end.output)")
        #expect(end.output.hasSuffix("code 0\n"))
        #expect(end.output.contains(" TF_VAR_size "))
        for name in ["KUBECONFIG", "AWS_ENDPOINT_URL", "HELM_PLUGINS", "TF_CLI_ARGS", "LD_PRELOAD", "PANDAR_TASK_ID"] {
            #expect(!end.output.contains(" \(name) "))
        }
        #expect(end.errors.contains("ran outside: kubectl get pods: exit code 0"), "\(end.errors)")
        #expect(fixture.questions.isEmpty)
    }

    @Test("Where nobody is asked by policy, it is done at once and recorded")
    func automatic() async throws {
        let fixture = try ActFixture()
        let end = try await fixture.run("kubectl apply -f a.yaml", policy: .auto)
        #expect(fixture.cluster.requests.map(\.body) == ["first"])
        #expect(end.errors.contains("gate infra_change (kubectl) was hit"), "\(end.errors)")
        #expect(fixture.questions.isEmpty)
    }

    @Test("Files that it makes and changes come back; not one with a credential, nor over what was changed meanwhile")
    func broughtBack() async throws {
        let fixture = try ActFixture()
        let ref = try fixture.start(
            """
            (while [ ! -e go ]; do sleep 0.05; done; echo theirs > both.yaml; rm go; touch changed) &
            kubectl write; wait; cat made deep/er/file old.yaml both.yaml; ls -A; touch deep/er/own
            """)
        let question = try await fixture.question(of: ref)
        fixture.lay("go")
        let changed = "\(fixture.runner.directory)/task-1/workspace/changed"
        try await eventually("the file is changed") { FileManager.default.fileExists(atPath: changed) }
        fixture.grant(question, of: ref)
        let report = try await fixture.runner.finished(ref)
        let errors = try fixture.runner.output("task", .stderr)
        #expect(report.outcome == .completed, "\(errors)")
        #expect(
            try fixture.runner.output()
                == "made\nmore\nnew\ntheirs\na.yaml\nboth.yaml\nchanged\ndeep\nmade\nold.yaml\nsub\n")
        #expect(fixture.acts.first?.summary.contains("1 changed meanwhile") == true)
        #expect(fixture.acts.first?.summary.contains("1 with a credential") == true)
    }
}
