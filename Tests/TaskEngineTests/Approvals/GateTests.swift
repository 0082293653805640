import CommandPolicy
import Gates
import TaskEngine
import TaskModel
import Testing

/// Gates that the command itself hits.
@Suite("Gates before the start")
struct GateTests {
    private func submitted(
        _ driver: inout EngineDriver, _ id: TaskID, _ command: String, policy: ApprovalPolicy?, gates: [String]
    ) -> Effects {
        driver.submit(
            TaskRequest(
                taskID: id, name: "task", command: command, projectID: 1,
                metadata: TaskMetadata(approvalPolicy: policy, gates: gates)))
    }

    private let push = ["git_push_protected"]

    @Test("a command that hits a gate of its task asks with that gate, and shows what it would change")
    func asks() throws {
        var driver = EngineDriver()
        let effects = submitted(
            &driver, "t", "nice sh -c 'git push origin +HEAD:main'", policy: .autoWithGates, gates: push)
        #expect(effects.published.map(\.state.status) == [.pending, .waitingConfirmation])
        let confirmation = try #require(try driver.state("t").confirmation)
        #expect(confirmation.gate == "git_push_protected")
        #expect(confirmation.expiresAt == Timestamp.start.adding(seconds: 604_800))
        let action = try #require(confirmation.action.objectValue)
        #expect(action["rule"] == "protected_branch" && action["remote"] == "origin")
        #expect(action["argv"] == ["git", "push", "origin", "+HEAD:main"])
        let update: JSONValue = [
            "source": "HEAD", "destination": "refs/heads/main", "forced": true, "deletes": false,
        ]
        #expect(action["updates"] == .array([update]))
        #expect(effects.notifications.first?.content.contains("protected_branch: It forces a push") == true)
        #expect(driver.slots(9).isEmpty)
        driver.decide(.approve, "t")
        #expect(driver.slots().started == ["t"])
    }

    @Test("what the task does not name, what is harmless, and other approval policies do not ask")
    func doesNotAsk() throws {
        var driver = EngineDriver()
        _ = submitted(&driver, "a", "git push origin main", policy: .autoWithGates, gates: ["infra_change"])
        _ = submitted(&driver, "b", "git push origin main", policy: .autoWithGates, gates: [])
        _ = submitted(&driver, "c", "git push -n origin main", policy: .autoWithGates, gates: push)
        let noted = submitted(&driver, "d", "git push origin main", policy: .auto, gates: push)
        #expect(noted.notes == [.accepted("d"), .gateHit("d", gate: push[0], rule: "protected_branch")])
        #expect(driver.slots(9).started == ["a", "b", "c", "d"])
        _ = submitted(&driver, "e", "git push origin main", policy: .manual, gates: push)
        #expect(try driver.state("e").confirmation?.gate == "manual")
    }

    @Test("each gate that is hit asks, one after the other")
    func several() throws {
        var driver = EngineDriver()
        let command = "sh -c 'terraform apply && git push origin HEAD:main'"
        _ = submitted(&driver, "t", command, policy: .autoWithGates, gates: ["infra_change", "git_push_protected"])
        #expect(try driver.state("t").confirmation?.gate == "git_push_protected")
        driver.decide(.approve, "t")
        #expect(driver.slots().started.isEmpty)
        #expect(try driver.state("t").confirmation?.gate == "infra_change")
        driver.decide(.approve, "t")
        #expect(driver.slots().started == ["t"])
        let gates = try driver.state("t").confirmations.map(\.gate)
        #expect(gates == ["git_push_protected", "infra_change"])
    }

    @Test("the command policy's question comes first, and is one of its own")
    func withPolicy() throws {
        var driver = EngineDriver { $0.policy = .builtIn }
        _ = submitted(&driver, "t", "git push origin main", policy: .autoWithGates, gates: push)
        #expect(try driver.state("t").confirmation?.gate == "command_policy")
        driver.decide(.approve, "t")
        #expect(driver.slots().started.isEmpty)
        #expect(try driver.state("t").confirmation?.gate == "git_push_protected")
        driver.decide(.approve, "t")
        #expect(driver.slots().started == ["t"])
    }

    @Test(
        "a gate that nobody defines is a dead letter", arguments: [nil, ApprovalPolicy.auto, .autoWithGates, .manual])
    func unknown(policy: ApprovalPolicy?) {
        var driver = EngineDriver()
        let effects = submitted(&driver, "t", "true", policy: policy, gates: push + ["no_such"])
        #expect(effects.reasons == [.unknownGate] && driver.engine.taskCount == 0)
        #expect(effects.deadLetters.first?.violation.message.contains("no gate no_such") == true)
    }

    @Test("a gate that is gone by the start keeps the task from starting")
    func gone() throws {
        var driver = EngineDriver()
        _ = submitted(&driver, "t", "true", policy: .autoWithGates, gates: push)
        driver.takeOver(gates: .empty)
        #expect(driver.slots().started.isEmpty)
        #expect(driver.log["t"]?.state.status == .failed)
        #expect(driver.log["t"]?.state.result.error?.contains("unknown_gate") == true)
    }

    @Test("an approval holds for a new owner, and where another rule finds the command it does not")
    func newOwner() throws {
        var driver = EngineDriver()
        _ = submitted(&driver, "t", "git push origin main", policy: .autoWithGates, gates: push)
        driver.decide(.approve, "t")
        var same = driver
        same.takeOver()
        #expect(same.slots().started == ["t"])
        driver.takeOver(
            gates: GateCatalog([
                GateDefinition(
                    "git_push_protected", description: "",
                    triggers: [.push(PushTrigger("another_rule", branches: ["main"]))])
            ]))
        #expect(driver.slots().started.isEmpty)
        #expect(try driver.state("t").confirmation?.gate == "git_push_protected")
    }

    @Test("how many must agree, for how long, and what a rejection does come from the gate")
    func definition() throws {
        var driver = EngineDriver {
            $0.gates = GateCatalog([
                GateDefinition(
                    "pay", description: "", allowsRequester: true, requiredApprovals: 2, decisionSeconds: 60,
                    onReject: .fail, triggers: [.command(CommandTrigger("pay", "It pays.", programs: ["pay"]))])
            ])
        }
        _ = submitted(&driver, "t", "env pay", policy: .autoWithGates, gates: ["pay"])
        let confirmation = try #require(try driver.state("t").confirmation)
        #expect(confirmation.requiredApprovals == 2 && confirmation.allowsRequester && confirmation.onReject == .fail)
        #expect(confirmation.expiresAt == Timestamp.start.adding(seconds: 60))
        driver.decide(.reject, "t")
        #expect(driver.log["t"]?.state.status == .failed)
    }

    @Test("a password in the address of a remote is not shown as the remote")
    func password() throws {
        let argv = ["git", "push", "https://me:hunter2@example.org/r.git", "HEAD:main"]
        let hit = try #require(GateCatalog.builtIn.hits(GateQuestion(argv: argv)).first)
        #expect(hit.action.remote == "https://…@example.org/r.git" && hit.action.url == hit.action.remote)
        #expect(!hit.reason.contains("hunter2"))
    }

    @Test("a retry asks at the gate again")
    func retry() throws {
        var driver = EngineDriver()
        _ = submitted(&driver, "t", "git push origin main", policy: .autoWithGates, gates: push)
        driver.decide(.approve, "t")
        driver.slots()
        try driver.finish("t", .failed)
        driver.act(.retry, "t")
        #expect(driver.log["t"]?.state.confirmation?.gate == "git_push_protected")
    }
}
