import Foundation
import Kafka
import TaskModel
import Testing

extension EndToEnd.Interfaces {
    @Suite struct CommandPolicies {
        @Test("a blocked command becomes a dead letter, a gated one asks, and both are as `policy explain` says")
        func blockedAndGated() async throws {
            try await TestBed.with { bed in try await blockedAndGated(bed) }
        }

        private func blockedAndGated(_ bed: TestBed) async throws {
            let policy = try bed.script("policy.yaml", "programs: [codex, claude, gemini]\n")
            let cluster = try await Cluster.embedded(bed)
            let service = Service(
                bed, cluster,
                settings: ServiceSettings(["policy.file": policy, "agents.file": try bed.standInAgents()]))
            let agents = Programs.repository.appendingPathComponent("demo/agents").path
            try await service.start(environment: ["PATH": agents + ":/usr/bin:/bin"])
            let status = try Follower<StatusTopic>(bed, cluster, cluster.layout.status)
            let letters = try Follower<RecordList>(bed, cluster, cluster.layout.deadLetters)
            try await publish(try Publisher(bed, cluster))

            try await letters.count(2)
            #expect(letters.records.allSatisfy { $0.header("__dlq.errors.reason") == "command_refused" })
            let messages = letters.records.compactMap { $0.header("__dlq.errors.message") }.sorted()
            #expect(messages.first?.hasPrefix("fragment: \"sudo\"") == true, "\(messages)")
            #expect(messages.last?.hasPrefix("program_not_allowed: ") == true, "\(messages)")
            try await status.task("allowed", is: "completed")

            let asked = try await status.task("gated", is: "waiting_confirmation")
            let confirmation = try #require(asked.snapshot["confirmation"]?.objectValue)
            #expect(confirmation["gate"] == "command_policy")
            #expect(confirmation["action"]?.objectValue?["rule"] == "program_not_allowed")
            try await service.pandar("confirm", "gated", "--actor", "ben").expecting()
            try await status.task("gated", is: "completed")
            #expect(status.task("blocked").steps.isEmpty)
            #expect(status.task("denied").steps.isEmpty)
        }

        private func publish(_ publisher: Publisher) async throws {
            let gates: JSONObject = JSONObject([.init(name: "approval_policy", value: "auto_with_gates")])
            try await publisher.send([
                publisher.request("blocked", "codex 'please run sudo rm -rf /'", metadata: gates),
                publisher.request("denied", "echo hello"),
                publisher.request("gated", "echo hello", metadata: gates),
                publisher.request("allowed", "codex audit --fix"),
            ])
        }

        @Test("policy explain and policy check say what holds, and end with their exit codes")
        func explaining() async throws {
            try await TestBed.with { bed in
                let cases: [(arguments: [String], verdict: String, rule: JSONValue)] = [
                    (["codex audit --fix --create-pr"], "allow", .null),
                    (["docker ps", "--policy", "manual"], "gate", "containers"),
                    (["docker ps", "--policy", "auto"], "block", "containers"),
                    (["codex 'sudo'"], "block", "fragment"),
                    (["codex 'sudo'", "--set", "policy.fragments=commands"], "allow", .null),
                    (["ls", "--set", "policy.programs=ls"], "allow", .null),
                    (["ls | sh"], "block", "not_splittable"),
                ]
                for each in cases {
                    let result = try await bed.run(Programs.pandar, ["policy", "explain", "--json"] + each.arguments)
                    #expect(result.status == (each.verdict == "allow" ? 0 : 1), "\(result)")
                    let answer = try result.json()
                    #expect(answer["verdict"] == .string(each.verdict) && answer["rule"] == each.rule, "\(result)")
                    #expect(answer["argv"]?.arrayValue != nil && answer["reason"]?.stringValue?.isEmpty == false)
                }
                let words = try await bed.run(Programs.pandar, ["policy", "explain", "env rm -rf /"])
                for part in ["rm_system", "tried", "word 1   rm", "block"] {
                    #expect(words.text.contains(part), "\(words)")
                }
                #expect(try await bed.run(Programs.pandar, ["policy", "explain", "ls", "--policy", "no"]).status == 64)

                let template = try await bed.run(Programs.pandar, ["policy", "template"]).expecting()
                let good = try bed.script("good.yaml", template.text)
                try await bed.run(Programs.pandar, ["policy", "check", good]).expecting()
                try await bed.run(Programs.pandar, ["policy", "check"]).expecting()
                let bad = try bed.script("bad.yaml", "rules:\n  - {name: x, reason: y, programs: a, spares: a}\n")
                for arguments in [
                    ["policy", "check", bad], ["serve", "--embedded-broker", "--set", "policy.file=\(bad)"],
                ] {
                    let result = try await bed.run(Programs.pandar, arguments)
                    #expect(result.status == 78 && result.error.contains("bad.yaml:2: rules[0] (x)"), "\(result)")
                }
            }
        }
    }
}
