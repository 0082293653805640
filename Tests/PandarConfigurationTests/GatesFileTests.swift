import Foundation
import Gates
import PandarConfiguration
import TaskModel
import Testing

@Suite("The file of gates")
struct GatesFileTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../config/gates.yaml").standardizedFileURL.resolvingSymlinksInPath().path

    private func message(_ text: String) -> String {
        do {
            _ = try GatesFile.load(text: text, name: "g.yaml")
            return "no error"
        } catch {
            return "\(error.code.rawValue) \(error.message)"
        }
    }

    /// A gate with further members.
    private func gate(_ members: String, triggers: String = "[{name: t, kind: push, branches: main}]") -> String {
        "gates:\n  - {name: g, description: D, triggers: \(triggers)\(members.isEmpty ? "" : ", " + members)}\n"
    }

    @Test("config/gates.yaml is what the code says (write it with `pandar gates template`)")
    func fileAndCodeAgree() throws {
        #expect(try String(contentsOfFile: Self.path, encoding: .utf8) == GatesTemplate.yaml())
    }

    @Test("it is read as the gates that ship")
    func isBuiltIn() throws {
        #expect(try GatesFile.load(path: Self.path) == GateCatalog.builtIn)
    }

    @Test("an empty file is the gates that ship, and a list replaces them")
    func parts() throws {
        #expect(try GatesFile.load(text: "", name: "g") == GateCatalog.builtIn)
        #expect(try GatesFile.load(text: "gates: []", name: "g") == GateCatalog.empty)
        let own = try GatesFile.load(
            text: "gates:\n  - name: pay\n    description: Money.\n    triggers:\n"
                + "      - {name: pay, reason: It pays., programs: pay, verbs: now, unless: --dry-run,\n"
                + "         matches: pay now, spares: pay now --dry-run}\n", name: "g")
        #expect(own.hits(GateQuestion(argv: ["env", "pay", "now"])).map(\.gate) == ["pay"])
        #expect(own["git_push_protected"] == nil)
    }

    @Test("everything that a gate says is read, and written again as the same")
    func members() throws {
        let gates = try GatesFile.load(
            text: gate(
                "approvers: {roles: [ops], users: [ann, 'bob: 1']}, allow_requester: true, required_approvals: 3, "
                    + "decision_seconds: 7200, on_reject: fail, on_expiry: fail, reminder_seconds: 600, "
                    + "escalation: {after_seconds: 3600, notify: ['webhook:x']}"), name: "g")
        let read = try #require(gates["g"])
        #expect(read.approvers == .init(roles: ["ops"], users: ["ann", "bob: 1"]))
        #expect(read.allowsRequester && read.requiredApprovals == 3 && read.decisionSeconds == 7200)
        #expect(read.onReject == .fail && read.onExpiry == .fail && read.reminderSeconds == 600)
        #expect(read.escalation == .init(afterSeconds: 3600, notify: ["webhook:x"]))
        #expect(try GatesFile.load(text: GatesTemplate.yaml(gates), name: "g") == gates)
    }

    @Test("what is wrong is told with its line")
    func errors() {
        #expect(message("gate: []").contains("gate is not known; did you mean gates?"))
        #expect(message("gates:\n  - name: x\n").hasPrefix("invalid_value g.yaml:2: gates[0] needs description"))
        #expect(message(gate("approver: a")).contains("did you mean approvers?"))
        #expect(message(gate("approvers: {role: a}")).contains("did you mean roles?"))
        #expect(message(gate("required_approvals: 21")).contains("from 1 to 20"))
        #expect(message(gate("decision_seconds: 2592001")).contains("to 2592000"))
        #expect(message(gate("decision_seconds: 60, reminder_seconds: 60")).contains("from 1 to 59"))
        #expect(message(gate("decision_seconds: 60, escalation: {after_seconds: 90, notify: a}")).contains("1 to 59"))
        #expect(message(gate("on_expiry: approve")).contains("must be one of: cancel, fail"))
        #expect(message(gate("", triggers: "[{name: t, kind: push}]")).contains("needs branches or tags"))
        #expect(message(gate("", triggers: "[{name: t, reason: r, programs: a/b}]")).contains("without directories"))
        #expect(message(gate("", triggers: "[{name: t, reason: r}]")).contains("needs programs"))
        #expect(message(gate("", triggers: "[{name: t, kind: secret, secret: a}]")).contains("needs secrets"))
        let twice = "[{name: t, kind: secret, secrets: a}, {name: t, kind: secret, secrets: b}]"
        #expect(message(gate("", triggers: twice)).contains("second trigger of the name t"))
        #expect(message(gate("").replacing("name: g", with: "name: manual")).contains("of its own"))
        #expect(message(gate("").replacing("name: g", with: "name: A-B")).contains("a-z, 0-9 and _"))
        #expect(
            message("gates:\n" + gate("").dropFirst(7) + gate("").dropFirst(7)).contains("second gate of the name g"))
    }

    @Test("a gate that nobody could open, and a trigger that does not keep its examples, are errors")
    func contradictions() {
        #expect(message(gate("required_approvals: 2, approvers: {users: [ann, ann]}")).hasPrefix("contradiction"))
        #expect(message(gate("required_approvals: 2, approvers: {users: ann, roles: ops}")) == "no error")
        let trigger = "[{name: t, reason: r, programs: a, "
        #expect(
            message(gate("", triggers: trigger + "matches: [a, b c]}]")).contains("`b c`. The trigger must find it"))
        #expect(message(gate("", triggers: trigger + "spares: a}]")).contains("must not find it"))
    }

    @Test("the settings name the file")
    func settings() throws {
        var section = PandarSettings().gates
        #expect(try section.catalog() == GateCatalog.builtIn)
        section.file = "/nowhere/gates.yaml"
        #expect(throws: ConfigurationError.self) { try section.catalog() }
    }
}
