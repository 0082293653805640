import CommandPolicy
import TaskEngine
import TaskModel
import Testing

/// What the command policy does to tasks, from acceptance to each start.
@Suite struct CommandPolicyTests {
    private static let policy = CommandPolicy.builtIn

    private func driver(
        _ policy: CommandPolicy = Self.policy, _ change: (inout EngineConfiguration) -> Void = { _ in }
    ) -> EngineDriver {
        EngineDriver {
            $0.policy = policy
            change(&$0)
        }
    }

    @Test("the reference command runs without a question", arguments: [nil, ApprovalPolicy.auto, .autoWithGates])
    func allowed(policy: ApprovalPolicy?) {
        var driver = driver()
        driver.submit(request("t", policy: policy, command: "codex audit --fix --create-pr"))
        #expect(driver.slots().started == ["t"])
    }

    @Test(
        "a blocked command is dead-lettered with rule and reason, and without its words",
        arguments: [nil, ApprovalPolicy.auto, .autoWithGates, .manual])
    func blocked(policy: ApprovalPolicy?) throws {
        var driver = driver()
        let effects = driver.submit(request("t", policy: policy, command: "codex 'hunter2: sudo ls'"))
        #expect(effects.reasons == [.commandRefused] && effects.all.count == 1)
        let violation = try #require(effects.deadLetters.first?.violation)
        #expect(violation.message.hasPrefix("fragment: ") && !violation.message.contains("hunter2"))
        #expect(violation.field == "command" && driver.engine.taskCount == 0)
    }

    @Test("a denied command is blocked under auto, and asked about otherwise")
    func gated() throws {
        var driver = driver()
        #expect(driver.submit(request("a", policy: .auto, command: "docker ps")).reasons == [.commandRefused])
        let effects = driver.submit(request("t", policy: .autoWithGates, command: "docker ps"))
        #expect(effects.published.map(\.state.status) == [.pending, .waitingConfirmation])
        let confirmation = try #require(try driver.state("t").confirmation)
        #expect(confirmation.gate == "command_policy")
        let action = try #require(confirmation.action.objectValue)
        #expect(action["rule"] == "containers" && action["argv"] == ["docker", "ps"])
        #expect(effects.notifications.first?.content.contains("containers: It drives") == true)
        #expect(driver.slots(9).isEmpty)
        driver.decide(.approve, "t")
        #expect(driver.slots().started == ["t"])
        try driver.finish("t")
        #expect(driver.status("t") == nil || driver.status("t") == .completed)
    }

    @Test("a manual task with a denied command asks once")
    func once() throws {
        var driver = driver()
        driver.submit(request("t", policy: .manual, command: "docker ps"))
        let confirmation = try #require(try driver.state("t").confirmation)
        #expect(confirmation.gate == "manual" && confirmation.action.objectValue?["rule"] == "containers")
        driver.decide(.approve, "t")
        #expect(driver.slots().started == ["t"])
    }

    @Test("a repetition does not ask again, a retry does")
    func rounds() throws {
        var driver = driver()
        driver.submit(request("t", policy: .autoWithGates, retries: 1, command: "docker ps"))
        driver.decide(.approve, "t")
        driver.slots()
        try driver.finish("t", .failed)
        driver.wait(seconds: 60)
        #expect(driver.slots().started == ["t"])
        try driver.finish("t", .failed)
        driver.act(.retry, "t")
        #expect(driver.status("t") == .waitingConfirmation)
        driver.decide(.approve, "t")
        #expect(driver.slots().started == ["t"])
    }

    @Test("a new owner keeps an approval of the same rule, and asks again when another rule finds the command")
    func takeOverApproved() throws {
        var driver = driver()
        driver.submit(request("t", policy: .autoWithGates, command: "docker ps"))
        driver.decide(.approve, "t")
        var same = driver
        same.takeOver()
        #expect(same.slots().started == ["t"])
        let rule = PolicyRule("no_docker", .deny, "No.", programs: ["docker"])
        driver.takeOver(policy: CommandPolicy(programs: .any, rules: [rule]))
        #expect(driver.slots().started == [])
        #expect(try driver.state("t").confirmation?.action.objectValue?["rule"] == "no_docker")
        driver.decide(.approve, "t")
        #expect(driver.slots().started == ["t"])
    }

    @Test("what was accepted is asked about, or fails, when the policy has become stricter by its start")
    func stricter() throws {
        for (policy, approval) in [(Self.policy, ApprovalPolicy.autoWithGates), (Self.policy, .auto)] {
            var driver = driver(.permissive)
            driver.submit(request("t", policy: approval, command: "docker ps"))
            driver.takeOver(policy: policy)
            let effects = driver.slots()
            #expect(effects.started == [])
            if approval == .auto {
                // By way of an attempt that never began: there is no other from `pending` to `failed`.
                #expect(effects.published.map(\.state.status) == [.running, .failed])
                let state = try #require(effects.published.last).state
                #expect(state.result.error?.contains("containers: ") == true)
                #expect(state.attempts.map(\.outcome) == [.failed] && state.lease == nil)
                #expect(effects.notifications.map(\.kind) == [.taskFailed])
                #expect(driver.act(.retry, "t").reasons == [.actionRefused])
            } else {
                #expect(effects.status == .waitingConfirmation)
                driver.decide(.approve, "t")
                #expect(driver.slots().started == ["t"])
            }
        }
    }

    @Test("an approved task whose command is forbidden by then fails instead of starting")
    func forbiddenAfterApproval() throws {
        var driver = driver(.permissive)
        driver.submit(request("t", policy: .manual, command: "sudo ls"))
        driver.decide(.approve, "t")
        driver.takeOver(policy: Self.policy)
        let effects = driver.slots()
        #expect(effects.started == [] && effects.published.map(\.state.status) == [.failed])
        #expect(effects.published.last?.state.result.error?.contains("privileges: ") == true)
    }

    @Test("one that may not start does not keep its concurrency key")
    func concurrencyKey() {
        var driver = driver(.permissive)
        driver.submit(request("a", policy: .auto, key: "k", command: "sudo ls"))
        driver.submit(request("b", policy: .autoWithGates, key: "k", command: "docker ps"))
        driver.submit(request("c", key: "k", command: "codex"))
        driver.takeOver(policy: Self.policy)
        #expect(driver.slots(9).started == ["c"])
    }

    @Test("a project that is not configured is refused, and any is accepted where none are")
    func projects() throws {
        var driver = driver(.permissive) { $0.projects = [1, 2] }
        #expect(driver.submit(request("t", project: 2)).reasons == [])
        let effects = driver.submit(request("u", project: 3))
        #expect(effects.reasons == [.unknownProject])
        #expect(effects.deadLetters.first?.violation.message.contains("There is no project 3") == true)
        var open = self.driver(.permissive)
        #expect(open.submit(request("t", project: 3)).reasons == [])
    }
}
