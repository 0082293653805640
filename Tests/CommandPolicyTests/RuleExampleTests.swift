import CommandPolicy
import TaskModel
import Testing

@Suite("The rules that ship")
struct RuleExampleTests {
    @Test("every rule finds its own examples and spares the others", arguments: CommandPolicy.builtInRules.map(\.name))
    func examples(_ name: String) throws {
        let rule = try #require(CommandPolicy.builtInRules.first { $0.name == name })
        #expect(!rule.matches.isEmpty && !rule.spares.isEmpty && !rule.reason.isEmpty)
        for broken in rule.brokenExamples(wrappers: CommandPolicy.builtInWrappers) {
            Issue.record("\(broken.rule): \(broken.command): \(broken.problem)")
        }
    }

    @Test("no rule is named twice, or as one that is always there")
    func names() {
        let names = CommandPolicy.builtInRules.map(\.name) + CommandPolicy.OwnRule.all
        #expect(Set(names).count == names.count)
    }

    @Test("a rule that does not keep its examples is told")
    func broken() {
        let rule = PolicyRule("x", .deny, "no", programs: ["x"], matches: ["y", "x; y"], spares: ["x"])
        #expect(rule.brokenExamples(wrappers: []).map(\.command) == ["y", "x; y", "x"])
    }

    @Test("the reference request is allowed as it stands")
    func reference() {
        let verdict = CommandPolicy.builtIn.verdict(of: "codex audit --fix --create-pr", approvalPolicy: .autoWithGates)
        #expect(verdict.kind == .allow && verdict.rule == nil)
        #expect(verdict.argv == ["codex", "audit", "--fix", "--create-pr"])
    }
}
