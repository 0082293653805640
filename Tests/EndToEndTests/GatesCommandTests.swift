import Foundation
import TaskModel
import Testing

extension EndToEnd.Interfaces {
    @Suite struct GatesCommands {
        @Test("gates explain says which gates a command hits, and ends with its exit code")
        func explaining() async throws {
            try await TestBed.with { bed in
                let cases: [(arguments: [String], gates: [String])] = [
                    (["git push origin HEAD:main"], ["git_push_protected"]),
                    (["sh -c 'terraform apply && git push --mirror'"], ["git_push_protected", "infra_change"]),
                    (["sh -c 'terraform apply && git push --mirror'", "--gate", "infra_change"], ["infra_change"]),
                    (["--secret", "DATABASE_URL"], ["secrets_access"]),
                    (["git push --dry-run origin HEAD:main"], []),
                    (["claude -p 'git push origin main'"], []),
                ]
                for each in cases {
                    let result = try await bed.run(Programs.pandar, ["gates", "explain", "--json"] + each.arguments)
                    #expect(result.status == (each.gates.isEmpty ? 0 : 1), "\(result)")
                    let hits = try result.json()["hits"]?.arrayValue ?? []
                    #expect(hits.map { $0.objectValue?["gate"]?.stringValue } == each.gates, "\(result)")
                }
                let words = try await bed.run(Programs.pandar, ["gates", "explain", "git push origin +x:main"])
                for part in ["git_push_protected", "protected_branch", "x → refs/heads/main (forced)"] {
                    #expect(words.text.contains(part), "\(words)")
                }
                #expect(try await bed.run(Programs.pandar, ["gates", "explain"]).status == 64)
                #expect(try await bed.run(Programs.pandar, ["gates", "explain", "ls | sh"]).status == 65)
                #expect(try await bed.run(Programs.pandar, ["gates", "explain", "ls", "--gate", "no"]).status == 66)
            }
        }

        @Test("gates list, check and template say what holds, and a bad file stops all of them")
        func files() async throws {
            try await TestBed.with { bed in
                let list = try await bed.run(Programs.pandar, ["gates", "list", "--json"]).expecting()
                let names = try list.json()["gates"]?.arrayValue?.map { $0.objectValue?["name"]?.stringValue }
                #expect(names == ["git_push_protected", "secrets_access", "infra_change"])
                let text = try await bed.run(Programs.pandar, ["gates", "list"]).expecting()
                #expect(text.text.contains("1 of anybody, not the requester"))
                let template = try await bed.run(Programs.pandar, ["gates", "template"]).expecting()
                let good = try bed.script("good.yaml", template.text)
                let checked = try await bed.run(Programs.pandar, ["gates", "check", good]).expecting()
                #expect(checked.text.contains("3 gates"))
                let bad = try bed.script("bad.yaml", "gates:\n  - {name: g, description: d, triggers: [{name: t}]}\n")
                for arguments in [
                    ["gates", "check", bad], ["gates", "list", "--set", "gates.file=\(bad)"],
                    ["serve", "--embedded-broker", "--set", "gates.file=\(bad)"],
                ] {
                    let result = try await bed.run(Programs.pandar, arguments)
                    #expect(result.status == 78 && result.error.contains("bad.yaml:2: "), "\(result)")
                }
            }
        }
    }
}
