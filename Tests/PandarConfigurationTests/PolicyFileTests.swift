import CommandPolicy
import Foundation
import PandarConfiguration
import Testing

@Suite("The file of rules for commands")
struct PolicyFileTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../config/policy.yaml").standardizedFileURL.resolvingSymlinksInPath().path

    private func message(_ text: String) -> String {
        do {
            _ = try PolicyFile.load(text: text, name: "p.yaml")
            return "no error"
        } catch {
            return "\(error.code.rawValue) \(error.message)"
        }
    }

    @Test("config/policy.yaml is what the code says (write it with `pandar policy template`)")
    func fileAndCodeAgree() throws {
        #expect(try String(contentsOfFile: Self.path, encoding: .utf8) == PolicyTemplate.yaml())
    }

    @Test("it is read as the built-in policy")
    func isBuiltIn() throws {
        #expect(try PolicyFile.load(path: Self.path) == CommandPolicy.builtIn)
    }

    @Test("an empty file is the built-in policy, and a part that is there replaces its own")
    func parts() throws {
        #expect(try PolicyFile.load(text: "", name: "p") == CommandPolicy.builtIn)
        let open = try PolicyFile.load(text: "programs: ['*']\nrules: []\nfragments: []\n", name: "p")
        #expect(open.isPermissive && open.wrappers == CommandPolicy.builtInWrappers)
        let own = try PolicyFile.load(
            text: "rules:\n  - {name: no_ls, reason: No., programs: ls, matches: ls -l, spares: cat}\n", name: "p")
        #expect(own.rules.map(\.name) == ["no_ls"] && own.rules[0].level == .deny)
        #expect(own.programs == CommandPolicy.builtIn.programs)
    }

    @Test("what is wrong is told with its line")
    func errors() {
        #expect(message("rule: []").contains("rule is not known; did you mean rules?"))
        #expect(message("rules:\n  - name: x\n").hasPrefix("invalid_value p.yaml:2: rules[0] needs reason"))
        #expect(message("rules:\n  - {name: x, reason: y}\n").contains("needs programs"))
        #expect(message("rules:\n  - {name: fragment, reason: y, programs: a}\n").contains("must be a name"))
        #expect(message("rules:\n  - {name: x, level: maybe, reason: y, programs: a}\n").contains("deny, forbid"))
        #expect(message("rules:\n  - {name: x, reason: y, program: a}\n").contains("did you mean programs?"))
        #expect(
            message("rules:\n  - {name: x, reason: y, programs: a}\n  - {name: x, reason: y, programs: b}\n")
                .contains("second rule of the name x"))
        #expect(message("fragments: ['-rf']").contains("begin with no hyphen"))
        #expect(message("wrappers:\n  - {programs: a, kind: b}\n").contains("must be one of"))
    }

    @Test("a rule that does not keep its own examples is an error")
    func examples() {
        let rule = "rules:\n  - {name: x, reason: y, programs: a, "
        #expect(message(rule + "matches: [a, b c]}\n").hasPrefix("contradiction p.yaml:2: rules[0] (x) does not keep"))
        #expect(message(rule + "matches: [a, b c]}\n").contains("`b c`. The rule must find it."))
        #expect(message(rule + "spares: a}\n").contains("must not find it"))
        #expect(message(rule + "matches: 'a | b'}\n").contains("needs a shell"))
    }

    @Test("the settings name the file, and replace programs and scope")
    func settings() throws {
        var section = PandarSettings().policy
        #expect(try section.policy() == CommandPolicy.builtIn)
        section.programs = "codex, /opt/tool"
        section.fragments = .commands
        let policy = try section.policy()
        #expect(policy.programs == .only(["codex", "/opt/tool"]) && policy.fragmentScope == .commands)
        section.programs = "*"
        #expect(try section.policy().programs == .any)
        section.file = "/nowhere/policy.yaml"
        #expect(throws: ConfigurationError.self) { try section.policy() }
    }
}
