public import TaskModel

/// What the driver tells the runner, one JSON line each. The runner reads them as what they are: words out of a sandbox.
public enum AgentReport: Hashable, Sendable {
    case session(String)
    case progress(ProgressReport)
    case plan([PlanStep])
    case usage(TokenUsage)
    case retrying(reason: String, milliseconds: Int64?)
    /// The agent waits for an answer.
    case question(AgentQuestion)
    /// How a question was answered, and by whom: `policy`, `gate`, `agent` (it took the question back), or the proxy agent's
    /// name.
    case answer(AgentQuestion.ID, AgentAnswer?, by: String)
    /// The proxy agent does what the primary one could not. `text`: why, what it said, or what it failed of.
    case recovery(by: String, RecoveryState, text: String)
    case result(AgentResult)

    public enum RecoveryState: String, Hashable, Sendable, CaseIterable {
        case began
        case succeeded
        case failed
    }

    /// The longest text within a report: it is for records and people.
    static let textLimit = 4000
}

extension AgentReport {
    /// One line with its end.
    public var line: [UInt8] { Frame.line(json) }

    private var json: JSONValue {
        switch self {
        case .session(let id): ["type": "session", "session": .string(id)]
        case .progress(let report):
            [
                "type": "progress", "phase": .string(report.phase.rawValue), "percent": .integer(Int64(report.percent)),
                "estimated": .bool(report.isEstimated), "finished": .integer(Int64(report.finished)),
                "total": .integer(Int64(report.total)), "tools": .integer(Int64(report.tools)),
                "step": report.step.map(short) ?? .null,
            ]
        case .plan(let steps):
            [
                "type": "plan",
                "plan": .array(steps.map { ["step": short($0.step), "status": .string($0.status.rawValue)] }),
            ]
        case .usage(let usage):
            [
                "type": "usage", "input": .integer(usage.input), "cached": .integer(usage.cached),
                "output": .integer(usage.output),
                "cost_usd": usage.costUSD.map { $0.isFinite ? .decimal("\($0)") : .null } ?? .null,
            ]
        case .retrying(let reason, let milliseconds):
            [
                "type": "retrying", "reason": short(reason),
                "delay_ms": milliseconds.map { .integer($0) } ?? .null,
            ]
        case .question(let question):
            [
                "type": "question", "id": .integer(Int64(question.id.number)), "question": question.kind.json,
                "reason": question.reason.map(short) ?? .null,
            ]
        case .answer(let id, let answer, let by):
            ["type": "answer", "id": .integer(Int64(id.number)), "by": .string(by), "answer": answer?.json ?? .null]
        case .recovery(let agent, let state, let text):
            ["type": "recovery", "by": .string(agent), "state": .string(state.rawValue), "text": short(text)]
        case .result(let result): result.json
        }
    }

    private func short(_ text: String) -> JSONValue { .string(String(text.prefix(Self.textLimit))) }
}

extension AgentQuestion.Kind {
    /// As reports and the answerer get it.
    public var json: JSONValue {
        switch self {
        case .command(let text, let directory):
            ["kind": "command", "command": .string(text), "cwd": directory.map { .string($0) } ?? .null]
        case .fileChange(let paths): ["kind": "file_change", "paths": .array(paths.prefix(100).map { .string($0) })]
        case .permission(let text): ["kind": "permission", "permission": .string(text)]
        case .tool(let name, _): ["kind": "tool", "tool": .string(name)]
        case .words(let parts): ["kind": "words", "questions": .array(parts.map(\.json))]
        case .credential(let question, let secret):
            ["kind": "credential", "prompt": .string(question), "secret": secret.map { .string($0) } ?? .null]
        }
    }
}

extension AgentQuestion.Words {
    var json: JSONValue {
        [
            "id": .string(id), "header": .string(header), "question": .string(question),
            "several": .bool(allowsSeveral),
            "options": .array(
                options.map { ["label": .string($0.label), "description": .string($0.description)] }),
        ]
    }
}

extension AgentAnswer {
    var json: JSONValue {
        switch self {
        case .accept, .secret: ["decision": "accept"]
        case .decline(let reason):
            ["decision": "decline", "reason": .string(String(reason.prefix(AgentReport.textLimit)))]
        case .words(let answers):
            [
                "decision": "words",
                "answers": .object(
                    JSONObject(
                        answers.sorted { $0.key < $1.key }.map {
                            .init(name: $0.key, value: .array($0.value.map { .string($0) }))
                        })),
            ]
        }
    }
}

extension AgentResult {
    var json: JSONValue {
        switch self {
        case .success(let text):
            ["type": "result", "status": "success", "text": .string(String(text.prefix(AgentReport.textLimit)))]
        case .interrupted: ["type": "result", "status": "interrupted"]
        case .failed(let failure):
            [
                "type": "result", "status": "failed", "cause": .string(failure.cause.rawValue),
                "code": .string(failure.code.rawValue),
                "message": .string(String(failure.message.prefix(AgentReport.textLimit))),
            ]
        }
    }
}
