import TaskModel
import Testing

@testable import pandar

@Suite struct AuditTrailTests {
    private typealias Entry = TaskModel.Confirmation
    private let task: TaskID

    init() throws {
        task = try #require(TaskID("t"))
    }

    private func entry(_ number: Int, by actors: [String] = ["ben"], needed: Int = 1) -> Entry {
        let action: JSONValue = ["command": "codex audit"]
        var entry = Entry(
            id: "t/\(number)", gate: "manual", action: action,
            fingerprint: Entry.fingerprint(gate: "manual", action: action),
            requestedAt: Timestamp(milliseconds: Int64(number)), expiresAt: Timestamp(milliseconds: 1000),
            requiredApprovals: needed)
        entry.status = .approved
        entry.decisions = actors.map {
            .init(verdict: .approve, actor: $0, reason: nil, decidedAt: Timestamp(milliseconds: 10))
        }
        return entry
    }

    private func snapshot(_ history: [Entry], version: Int64 = 1) -> TaskSnapshot {
        var state = TaskState(createdAt: Timestamp(milliseconds: 0), epoch: 1)
        state.version = version
        for entry in history { AuditChain.append(entry, to: &state.confirmations, of: task) }
        let request = TaskRequest(name: "n", command: "c", projectID: 1, createdBy: .string("ann"))
        return TaskSnapshot(spec: TaskSpec(request, id: task), state: state)
    }

    @Test("snapshots that grow, and the notifications of their entries, fit together in any order")
    func fits() {
        let first = snapshot([entry(1)])
        let second = snapshot([entry(1), entry(2)], version: 5)
        for order in [[first, second], [second, first]] {
            var trail = AuditTrail(task)
            for snapshot in order { trail.take(snapshot) }
            for entry in second.state.confirmations { trail.take(entry, notification: "n") }
            #expect(trail.findings.isEmpty)
            #expect(trail.history.map(\.id) == ["t/1", "t/2"])
        }
    }

    @Test("a history that was rewritten as a whole is found by what others were told of it")
    func rewritten() {
        var trail = AuditTrail(task)
        trail.take(snapshot([entry(1)]))
        trail.take(snapshot([entry(1, by: ["eve"])], version: 2))
        #expect(trail.findings.count == 1 && trail.findings[0].contains("a snapshot (version 1) tells of t/1"))
        var other = AuditTrail(task)
        other.take(snapshot([entry(1, by: ["eve"])]))
        other.take(snapshot([entry(1)]).state.confirmations[0], notification: "t/3/confirmation_decided")
        #expect(other.findings.count == 1 && other.findings[0].contains("the notification t/3"))
    }

    @Test("an approval by too few, by the requester, after its time or of another act is found")
    func rules() {
        func findings(_ change: (inout Entry) -> Void) -> [String] {
            var changed = entry(1, by: ["ben", "cleo"], needed: 2)
            change(&changed)
            var trail = AuditTrail(task)
            trail.take(snapshot([changed]))
            return trail.findings
        }
        #expect(findings { _ in }.isEmpty)
        #expect(findings { $0.decisions.removeLast() }.count == 1)
        #expect(findings { $0.decisions[1] = $0.decisions[0] }.count == 1)
        let own = Entry.Decision(
            verdict: .approve, actor: "ann", reason: nil, decidedAt: Timestamp(milliseconds: 10))
        #expect(findings { $0.decisions[0] = own }.count == 1)
        let late = Entry.Decision(
            verdict: .approve, actor: "ben", reason: nil, decidedAt: Timestamp(milliseconds: 1000))
        #expect(findings { $0.decisions[0] = late }.count == 1)
        var trail = AuditTrail(task)
        let other = Entry(
            id: "t/1", gate: "manual", action: ["command": "rm"], fingerprint: entry(1).fingerprint,
            requestedAt: Timestamp(milliseconds: 1), expiresAt: Timestamp(milliseconds: 1000))
        trail.take(snapshot([other]))
        #expect(trail.findings.count == 1)
    }
}
