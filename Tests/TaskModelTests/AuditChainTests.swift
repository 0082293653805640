import TaskModel
import TestKit
import Testing

@Suite struct AuditChainTests {
    private typealias Entry = TaskModel.Confirmation
    private let task: TaskID

    init() throws {
        task = try #require(TaskID("t"))
    }

    private func history(_ count: Int) -> [Entry] {
        var history: [Entry] = []
        for number in 0..<count {
            var entry = Entry(
                id: "t/\(number)", gate: "manual", action: ["command": .string("run \(number)")], fingerprint: "f",
                requestedAt: Timestamp(milliseconds: Int64(number)), expiresAt: Timestamp(milliseconds: 1_000_000),
                approvers: .init(roles: ["lead"], users: ["bob"]),
                reminder: .init(at: Timestamp(milliseconds: 60), isSent: true),
                escalation: .init(at: Timestamp(milliseconds: 120), channels: ["slack://leads"]))
            entry.status = number % 2 == 0 ? .approved : .rejected
            entry.decisions = [
                .init(verdict: .approve, actor: "bob", reason: "fine", decidedAt: Timestamp(milliseconds: 7))
            ]
            AuditChain.append(entry, to: &history, of: task)
        }
        return history
    }

    @Test("a history as it was written holds, also after writing and reading it")
    func holds() throws {
        let history = history(5)
        #expect(AuditChain.firstBreak(in: history, of: task) == nil)
        #expect(AuditChain.firstBreak(in: [], of: task) == nil)
        var state = TaskState(createdAt: Timestamp(milliseconds: 0), epoch: 1)
        state.confirmations = history
        let spec = TaskSpec(TaskRequest(name: "n", command: "c", projectID: 1), id: task)
        let read = try TaskSnapshot(json: TaskSnapshot(spec: spec, state: state).json)
        #expect(read.state.confirmations == history)
        #expect(AuditChain.firstBreak(in: read.state.confirmations, of: task) == nil)
    }

    @Test("dropping, inserting, reordering or changing any entry but the last breaks it at the next one")
    func breaks() throws {
        let whole = history(4)
        for index in 0..<3 {
            var dropped = whole
            dropped.remove(at: index)
            #expect(AuditChain.firstBreak(in: dropped, of: task) == index)
            var doubled = whole
            doubled.insert(whole[index], at: index)
            #expect(AuditChain.firstBreak(in: doubled, of: task) == index + 1)
            var swapped = whole
            swapped.swapAt(index, index + 1)
            #expect(AuditChain.firstBreak(in: swapped, of: task) == index)
            var changed = whole
            changed[index].status = .expired
            #expect(AuditChain.firstBreak(in: changed, of: task) == index + 1)
            var forged = whole
            forged[index].decisions = [
                .init(verdict: .approve, actor: "eve", reason: "fine", decidedAt: Timestamp(milliseconds: 7))
            ]
            #expect(AuditChain.firstBreak(in: forged, of: task) == index + 1)
        }
    }

    @Test("the last entry is told apart from a changed one by its hash, which its notification carried")
    func last() {
        var history = history(2)
        let told = history[1].hash
        history[1].status = .approved
        #expect(AuditChain.firstBreak(in: history, of: task) == nil)
        #expect(history[1].hash != told)
    }

    @Test("no history is another task's")
    func otherTask() throws {
        #expect(AuditChain.firstBreak(in: history(1), of: try #require(TaskID("other"))) == 0)
    }
}
