import Gates
import TaskEngine
import TaskModel
import Testing

/// What an answer was given to.
struct GivenAnswer: Equatable {
    let ref: AttemptRef
    let question: Int
    let answer: QuestionAnswer
}

extension Effects {
    var answers: [GivenAnswer] {
        all.compactMap { effect -> GivenAnswer? in
            guard case .answer(let ref, let number, let answer) = effect else { return nil }
            return GivenAnswer(ref: ref, question: number, answer: answer)
        }
    }
    var granted: [String] {
        answers.compactMap { if case .granted(let id) = $0.answer { id } else { nil } }
    }
    var refused: [String] {
        answers.compactMap { if case .refused(let reason) = $0.answer { reason } else { nil } }
    }
}

extension EngineDriver {
    /// An engine whose task `t`, with the gate `pay`, runs its first attempt.
    static func running(
        gate: GateDefinition = .pay, key: String? = nil, retries: Int = 0, policy: ApprovalPolicy = .autoWithGates,
        gates: [String] = ["pay"], change: (inout EngineConfiguration) -> Void = { _ in }
    ) -> EngineDriver {
        var driver = EngineDriver {
            $0.gates = GateCatalog([gate])
            change(&$0)
        }
        driver.submit(
            TaskRequest(
                taskID: "t", name: "task", command: "true", projectID: 1, createdBy: .string("alice"),
                metadata: TaskMetadata(
                    approvalPolicy: policy, gates: gates, maxRetries: retries, concurrencyKey: key)))
        driver.slots()
        return driver
    }

    /// The current attempt asks, or repeats that it does.
    @discardableResult
    mutating func ask(
        _ number: Int = 1, gate: String = "pay", act: String = "pay 5", _ id: TaskID = "t",
        of snapshot: TaskSnapshot? = nil
    ) throws -> Effects {
        let snapshot = try snapshot ?? #require(log[id])
        var report = RunnerReport.about(snapshot, .question, at: now)
        report.question = .test(number, gate: gate, act: act)
        return handle(.report(report))
    }

    /// An attempt says what it did with an approval.
    @discardableResult
    mutating func acted(
        on confirmation: String, exitCode: Int32? = 0, _ id: TaskID = "t", of snapshot: TaskSnapshot? = nil
    ) throws -> Effects {
        let snapshot = try snapshot ?? #require(log[id])
        var report = RunnerReport.about(snapshot, .acted, at: now)
        report.act = AttemptAct(confirmationID: confirmation, exitCode: exitCode, summary: "paid")
        return handle(.report(report))
    }

    var here: AttemptRef { AttemptRef(taskID: "t", attempt: log["t"]?.state.attempt ?? 0) }
}

extension AttemptQuestion {
    static func test(_ number: Int = 1, gate: String = "pay", act: String = "pay 5") -> AttemptQuestion {
        AttemptQuestion(
            number: number, gate: gate, rule: "money", reason: "It pays.",
            action: JSONObject([.init(name: "act", value: .string(act))]))
    }
}

extension GateDefinition {
    static let pay = GateDefinition("pay", description: "", decisionSeconds: 3600, triggers: [])
}
