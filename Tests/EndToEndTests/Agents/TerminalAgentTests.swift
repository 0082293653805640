import Foundation
import TaskModel
import TestKit
import Testing

extension EndToEnd.AgentPrograms {
    /// Agents without a protocol: commands that ask on a terminal.
    @Suite struct TerminalAgent {
        private static let release = """
              release:
                program: /bin/bash
                adapter: exec
                progress: [{pattern: '[{done}/{total}] {step}'}]
                prompts: [{pattern: 'Password for', secret: REGISTRY}]

            """

        @Test("the other agent answers its prompt; its push is held all the same", arguments: RealAgent.installed)
        func answered(proxy: RealAgent) async throws {
            try await TestBed.with { bed in
                let script = "echo '[1/2] check'; read -p 'Publish it? [y/N] ' answer; test $answer = y\n"
                let scene = try await AgentScene(
                    bed, [proxy: AgentScene.script("{\"text\": \"{\\\"answer\\\": \\\"yes\\\"}\"}")],
                    agents: Self.release, files: ["release.sh": script + PushScene.push])
                try await scene.push.request(
                    "publish", "release release.sh published", metadata: ["proxy_agent": .string(proxy.rawValue)])
                try await scene.status.task("publish", is: "waiting_confirmation")
                #expect(try await scene.push.subjects == ["begin"])
                try await scene.push.command("confirm", "publish", "--actor", "ben").expecting()
                let task = try await scene.status.task("publish", is: "completed")
                #expect(try await scene.push.subjects == ["published", "begin"])
                #expect(task.attempts.last?["answers"] == 1, "\(task.snapshot)")
                #expect(task.snapshot["output"]?.stringValue?.contains("Publish it? [y/N] y\n") == true)
                let asked = try scene.models[proxy]?.requests.contains { $0.contains("Publish it?") }
                #expect(asked == true)
                _ = try await scene.percentagesToTheEnd("publish")
                let question = try scene.events("publish").first { $0["event"]?.objectValue?["type"] == "question" }
                #expect(
                    question?["progress"] == 50 && question?["estimated"] == false, "\(String(describing: question))")
                #expect(question?["step"] == "check")
            }
        }

        @Test("a credential is asked of nobody but people and their secrets", arguments: RealAgent.installed)
        func credential(proxy: RealAgent) async throws {
            try await TestBed.with { bed in
                let scene = try await AgentScene(
                    bed, [proxy: AgentScene.script("{\"text\": \"{\\\"answer\\\": \\\"hunter2\\\"}\"}")],
                    agents: Self.release, files: ["sign.sh": "read -s -p 'Signing key: ' key; echo went on"])
                try await scene.push.request(
                    "sign", "release sign.sh", metadata: ["proxy_agent": .string(proxy.rawValue), "max_retries": 3])
                let task = try await scene.status.task("sign", is: "failed")
                #expect(task.attempts.map { $0["failure"]?.stringValue } == ["credentials"], "\(task.snapshot)")
                #expect(task.snapshot["error"]?.stringValue?.contains("Signing key:") == true)
                #expect(task.snapshot["output"]?.stringValue?.contains("went on") == false)
                #expect(try scene.models[proxy]?.requests.isEmpty == true)
            }
        }

        @Test("a secret for its prompt is held by its gate, approved, and typed; rejected, it is not")
        func secret() async throws {
            try await TestBed.with { bed in
                let value = "correct-horse-battery"
                let script = """
                    read -s -p 'Password for registry: ' word
                    test "$word" = \(value) && echo signed in
                    """
                let scene = try await AgentScene(
                    bed, [:], agents: Self.release, files: ["sign.sh": script],
                    project: ["secrets: {REGISTRY: 'file:\(try bed.script("registry", value + "\n"))'}"])
                let gates: [String: JSONValue] = ["gates": ["secrets_access"]]
                try await scene.push.request("yes", "release sign.sh", metadata: gates)
                try await scene.status.task("yes", is: "waiting_confirmation")
                try await scene.push.command("confirm", "yes", "--actor", "ben").expecting()
                let task = try await scene.status.task("yes", is: "completed")
                #expect(task.snapshot["output"]?.stringValue?.contains("signed in") == true)
                #expect(!String(decoding: JSONWriter.bytes(of: .object(task.snapshot)), as: UTF8.self).contains(value))

                try await scene.push.request("no", "release sign.sh", metadata: gates)
                try await scene.status.task("no", is: "waiting_confirmation")
                try await scene.push.command("reject", "no", "--actor", "ben", "--reason", "no").expecting()
                let rejected = try await scene.status.task("no", is: "cancelled")
                #expect(rejected.snapshot["output"]?.stringValue?.contains("signed in") != true)
            }
        }
    }
}
