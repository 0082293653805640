import Foundation
import Kafka
import TaskModel
import Testing

extension EndToEnd.Interfaces {
    @Suite struct CommandLineInterface {
        @Test("every command has help with an example, and the help of the program lists the exit codes of the README")
        func help() async throws {
            try await TestBed.with { bed in
                for words in [
                    ["serve"], ["broker"], ["doctor"], ["submit"], ["watch"], ["start"], ["cancel"], ["confirm"],
                    ["reject"], ["retry"], ["list"], ["show"], ["search"], ["stats"], ["topics"], ["topics", "plan"],
                    ["topics", "apply"], ["topics", "check"], ["dead-letters"], ["dead-letters", "list"],
                    ["dead-letters", "show"], ["dead-letters", "replay"], ["config"], ["config", "show"],
                    ["config", "template"], ["policy"], ["policy", "explain"], ["policy", "check"],
                    ["policy", "template"],
                ] {
                    let help = try await bed.run(Programs.pandar, words + ["--help"]).expecting()
                    #expect(help.text.contains("Example"), "\(words)")
                    #expect(help.text.contains("pandar \(words.joined(separator: " "))"), "\(words)")
                }
                let help = try await bed.run(Programs.pandar, ["--help"]).expecting().text
                let readme = try String(
                    contentsOf: Programs.repository.appendingPathComponent("README.md"), encoding: .utf8)
                let rows = readme.split(separator: "\n").map { $0.split(separator: "|").map { $0.trimmed } }
                let codes = rows.filter { $0.count == 2 && Int($0[0]) != nil }
                #expect(codes.count == 10)
                for code in codes {
                    let meaning = code[1].replacing("`", with: "")
                    #expect(help.contains("\(code[0])  \(meaning)"), "\(code)")
                }
            }
        }

        @Test("it tells its version, and completes itself in three shells")
        func version() async throws {
            try await TestBed.with { bed in
                let version = try await bed.run(Programs.pandar, ["--version"]).expecting()
                #expect(version.text.contains("."))
                for shell in ["bash", "zsh", "fish"] {
                    let script = try await bed.run(Programs.pandar, ["--generate-completion-script", shell]).expecting()
                    #expect(script.text.contains("dead-letters"), "\(shell)")
                    guard shell == "bash" else { continue }
                    try script.output.write(to: bed.directory.appendingPathComponent("completion"))
                    try await bed.run("/bin/bash", ["-n", bed.path("completion")]).expecting()
                }
            }
        }

        @Test("settings: flag before environment before file before default, with their origins, and secrets masked")
        func settings() async throws {
            try await TestBed.with { bed in
                let file = try bed.script(
                    "pandar.yaml",
                    """
                    runner:
                      slots: 3
                      lease_seconds: 33
                      heartbeat_seconds: 3
                    kafka:
                      properties:
                        sasl.password: hunter2
                        sasl.username: ana

                    """)
                let result = try await bed.run(
                    Programs.pandar, ["config", "show", "--json", "--config", file, "--set", "runner.slots=5"],
                    environment: ["PANDAR_RUNNER_SLOTS": "4", "PANDAR_RUNNER_LEASE_SECONDS": "44"]
                ).expecting()
                #expect(!result.text.contains("hunter2"))
                let rows = try result.jsonLines()
                func row(_ key: String) -> [String?] {
                    let row = rows.first { $0["key"] == .string(key) }
                    return [row?["value"]?.stringValue, row?["origin"]?.stringValue]
                }
                #expect(row("runner.slots")[0] == "5")
                #expect(row("runner.slots")[1]?.contains("--set") == true)
                #expect(row("runner.lease_seconds")[0] == "44")
                #expect(row("runner.lease_seconds")[1]?.contains("PANDAR_RUNNER_LEASE_SECONDS") == true)
                #expect(row("runner.heartbeat_seconds")[0] == "3")
                #expect(row("runner.heartbeat_seconds")[1]?.contains("pandar.yaml") == true)
                #expect(row("retry.base_seconds")[0] == "5")
                #expect(row("retry.base_seconds")[1] == "default")
                #expect(row("kafka.properties.sasl.username")[0] == "ana")
                #expect(row("kafka.properties.sasl.password")[0]?.contains("*") == true)
            }
        }

        @Test("errors are one sentence and have their exit codes, without a broker")
        func errors() async throws {
            try await TestBed.with { bed in
                let nowhere = ["--bootstrap", "127.0.0.1:1", "--data-dir", bed.path("nothing")]
                let bad = #"{"name":"","command":"x","project_id":0}"#
                // Where the cache would be is a folder.
                let blocked = bed.path("blocked")
                try FileManager.default.createDirectory(
                    atPath: blocked + "/cache.sqlite", withIntermediateDirectories: true)
                let cases: [(arguments: [String], input: String, status: Int32)] = [
                    (["lisst"], "", 64), (["list", "--page", "0"] + nowhere, "", 66),
                    (["submit"] + nowhere, bad, 65), (["cancel", "a/b"] + nowhere, "", 65),
                    (["stats"] + nowhere, "", 66),
                    (["submit"] + nowhere, #"{"name":"a","command":"x","project_id":1}"#, 69),
                    (["stats", "--http", "http://127.0.0.1:1"], "", 69), (["serve"] + nowhere, "", 69),
                    (["topics", "check"] + nowhere, "", 69), (["config", "show", "--set", "runner.slotz=1"], "", 78),
                    (["config", "show", "--set", "runner.slots=many"], "", 78),
                    (["config", "show", "--config", bed.path("nothing.yaml")], "", 78),
                    (["serve", "--embedded-broker", "--http", "0.0.0.0:0", "--data-dir", bed.path("d")], "", 78),
                    (["serve", "--embedded-broker", "--http", "[::]:0", "--data-dir", bed.path("d")], "", 78),
                    (["serve", "--embedded-broker=0.0.0.0:0", "--data-dir", bed.path("d")], "", 64),
                    (["serve", "--embedded-broker", "--data-dir", "/dev/null/x", "--http", "127.0.0.1:0"], "", 73),
                    (["serve", "--embedded-broker", "--data-dir", blocked, "--http", "127.0.0.1:0"], "", 73),
                    (["broker", "--listen", "0.0.0.0:0"], "", 64),
                ]
                for each in cases {
                    let result = try await bed.run(Programs.pandar, each.arguments, input: Data(each.input.utf8))
                    #expect(result.status == each.status, "\(result)")
                    // The argument parser words its own errors, and a service logs beside its own.
                    let sentences = result.error.split(separator: "\n").filter { $0.hasPrefix("pandar: ") }
                    if each.status != 64 { #expect(sentences.count == 1, "\(result)") }
                    #expect(!result.error.contains("partition"), "it has joined before it refused: \(result)")
                }
            }
        }
    }
}

extension Substring {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
