import Foundation
import TaskModel
import Testing

extension EndToEnd.Interfaces {
    @Suite struct AgentsCommands {
        @Test("agents list and template say what there is, and a bad file stops all of them")
        func files() async throws {
            try await TestBed.with { bed in
                let list = try await bed.run(Programs.pandar, ["agents", "list", "--json"]).expecting()
                let agents = try list.json()["agents"]?.arrayValue ?? []
                #expect(agents.map { $0.objectValue?["name"]?.stringValue } == ["codex", "claude", "gemini"])
                let text = try await bed.run(Programs.pandar, ["agents", "list"]).expecting().text
                #expect(text.contains("codex app-server") && text.contains("ANTHROPIC_API_KEY"))
                let template = try await bed.run(Programs.pandar, ["agents", "template"]).expecting()
                let good = try bed.script("good.yaml", template.text)
                let again = try await bed.run(
                    Programs.pandar, ["agents", "list", "--json", "--set", "agents.file=\(good)"]
                ).expecting()
                #expect(again.text == list.text)
                let bad = try bed.script("bad.yaml", "agents:\n  a: {adapter: screen}\n")
                for arguments in [["agents", "list"], ["agents", "check"]] {
                    let result = try await bed.run(Programs.pandar, arguments + ["--set", "agents.file=\(bad)"])
                    #expect(result.status == 78 && result.error.contains("bad.yaml:2: "), "\(result)")
                }
                #expect(try await bed.run(Programs.pandar, ["agents", "check", "cat"]).status == 66)
            }
        }

        /// Agents of a few lines of shell: one that speaks, one that does not, one that will not, one that stays silent.
        private func settings(_ bed: TestBed, sandbox: String) throws -> [String] {
            let answer = #"read -r line; echo noise; printf '%s\n' '{"id":0,"result":{"userAgent":"good/1"}}'"#
            func agent(_ name: String, _ answer: String) throws {
                let version = "[ \"$1\" != --version ] || { echo \(name) 1.2.3; exit; }"
                _ = try bed.script("bin/\(name)", "#!/bin/sh\n\(version)\n\(answer)\n")
            }
            try FileManager.default.createDirectory(atPath: bed.path("bin"), withIntermediateDirectories: true)
            try agent("good", "\(answer); cat >/dev/null")
            try agent("mute", "cat >/dev/null")
            try agent("loud", "echo it is broken >&2; exit 3")
            try agent("picky", #"echo '{"id":0,"error":{"message":"who are you?"}}'"#)
            try agent("plain", "exit 9")
            let names = ["good", "mute", "loud", "picky"].map { "  \($0): {adapter: codex-app-server" }
            let file = try bed.script(
                "agents.yaml",
                "agents:\n" + names.joined(separator: "}\n")
                    + ", credentials: [A_KEY, B_KEY]}\n  plain: {adapter: exec}\n  away: {adapter: acp}\n")
            return [
                "--json", "--timeout", "6", "--data-dir", bed.path("data"), "--set", "agents.file=\(file)", "--set",
                "sandbox.mode=\(sandbox)", "--set", "runner.path=\(bed.path("bin")):/usr/bin:/bin",
            ]
        }

        @Test("agents check tries each program where it would run", arguments: ["strict", "none"])
        func checking(sandbox: String) async throws {
            try await TestBed.with { bed in
                let options = try settings(bed, sandbox: sandbox)
                let all = try await bed.run(
                    Programs.pandar, ["agents", "check"] + options, environment: ["B_KEY": "hush-hush"])
                #expect(all.status == 1 && !all.text.contains("hush-hush"), "\(all)")
                var found: [String: JSONObject] = [:]
                for agent in try all.json()["agents"]?.arrayValue ?? [] {
                    let object = try #require(agent.objectValue)
                    found[try #require(object["name"]?.stringValue)] = object
                    #expect(object["in_sandbox"] == .bool(sandbox == "strict"))
                }
                #expect(
                    found.mapValues { $0["handshake"]?.stringValue } == [
                        "good": "works", "mute": "fails", "loud": "fails", "picky": "fails", "plain": "none",
                        "away": "not_tried",
                    ], "\(all)")
                let details = found.mapValues { $0["detail"]?.stringValue ?? "" }
                #expect(details["good"] == "good/1")
                #expect(details["mute"] == "it did not answer within 6 s")
                #expect(details["loud"] == "it ended without an answer: it is broken")
                #expect(details["picky"] == "codex refused the handshake: who are you?")
                #expect(found["good"]?["version"]?.stringValue == "good 1.2.3")
                #expect(
                    found["plain"]?["ok"] == true && found["loud"]?["ok"] == false && found["away"]?["path"] == .null)
                let places = found["picky"]?["credentials"]?.arrayValue?.map { $0.objectValue?["places"] }
                #expect(places == [[], ["the service's environment"]])

                for (name, status) in [("good", Int32(0)), ("away", 1), ("plain", 0)] {
                    let one = try await bed.run(Programs.pandar, ["agents", "check", name] + options)
                    #expect(one.status == status, "\(one)")
                }
            }
        }

        @Test("what Pandar says first holds to the Agent Client Protocol to the letter")
        func agentClientProtocol() async throws {
            try await TestBed.with { bed in
                let program = Programs.repository.appendingPathComponent("integration/agents/acp_agent.py").path
                let file = try bed.script(
                    "agents.yaml",
                    "agents:\n  stand-in: {program: \(Programs.python), adapter: acp, arguments: ['\(program)', '--acp'],"
                        + " environment: {ACP_LOG: '\(bed.path("acp.jsonl"))'}}\n")
                let options = ["--set", "agents.file=\(file)", "--set", "sandbox.mode=none"]
                let result = try await bed.run(Programs.pandar, ["agents", "check", "stand-in"] + options).expecting()
                #expect(result.text.contains("acp: acp (outside of the sandbox)"), "\(result)")
                let log = try String(contentsOfFile: bed.path("acp.jsonl"), encoding: .utf8)
                #expect(log.contains("initialize") && !log.contains("deviation"))
            }
        }

        @Test("what an agent leaves running ends with the trial")
        func leftovers() async throws {
            try await TestBed.with { bed in
                let options = try settings(bed, sandbox: "none")
                _ = try bed.script(
                    "bin/good", "#!/bin/sh\nsleep 600 & echo $! > \(bed.path("pid"))\nexec sleep 600\n")
                _ = try await bed.run(Programs.pandar, ["agents", "check", "good"] + options)
                let pid = try String(contentsOfFile: bed.path("pid"), encoding: .utf8)
                let number = try #require(pid_t(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
                // Gone, or dead and not yet collected by whoever adopted it.
                try await eventually("the end of \(number)") {
                    let state = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
                    return state == nil || state?.contains(") Z ") == true
                }
            }
        }
    }
}
