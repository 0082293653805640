import Gates
import Testing

@Suite("The triggers that ship")
struct TriggerExampleTests {
    @Test("every command trigger finds its own examples and spares the others")
    func examples() {
        for gate in GateCatalog.builtIn.gates {
            for case .command(let trigger) in gate.triggers {
                #expect(
                    !trigger.matches.isEmpty && !trigger.spares.isEmpty && !trigger.reason.isEmpty, "\(trigger.name)")
                for broken in trigger.brokenExamples() {
                    Issue.record("\(trigger.name): \(broken.command): \(broken.problem)")
                }
            }
        }
    }

    @Test("no gate and no trigger is named twice")
    func names() {
        let gates = GateCatalog.builtIn.gates.map(\.name)
        #expect(gates == ["git_push_protected", "secrets_access", "infra_change"])
        for gate in GateCatalog.builtIn.gates {
            let names = gate.triggers.map(\.name)
            #expect(Set(names).count == names.count, "\(gate.name)")
        }
    }

    @Test("a trigger that does not keep its examples is told")
    func broken() {
        let trigger = CommandTrigger("x", "no", programs: ["x"], matches: ["y", "x; y"], spares: ["x"])
        #expect(trigger.brokenExamples().map(\.command) == ["y", "x; y", "x"])
    }
}
