internal import TaskModel

/// A report as the runner gets it: words out of a sandbox. Texts are cut, counts are brought into their bounds, and what is
/// not understood is no report.
public struct ReceivedReport: Hashable, Sendable {
    public let report: AgentReport
    /// The agent that it is about, where the driver names one.
    public let by: String?

    /// Characters (Unicode scalars) of a name.
    static let nameLimit = 100

    /// - Parameter line: one line, with or without its end.
    /// - Returns: `nil` for what is no report, and for kinds that are not known.
    public init?(line: [UInt8]) {
        guard let object = Frame.read(line), let report = AgentReport(object) else { return nil }
        self.report = report
        by = object.text("by").map { AgentReport.cut($0, Self.nameLimit) }
    }
}

extension AgentReport {
    /// Reads what `line` wrote.
    ///
    /// - Returns: `nil` for what is no report, and for kinds that are not known.
    public init?(line: [UInt8]) {
        guard let received = ReceivedReport(line: line) else { return nil }
        self = received.report
    }

    fileprivate init?(_ object: JSONObject) {
        switch object.text("type") {
        case "session":
            guard let id = object.text("session") else { return nil }
            self = .session(Self.cut(id))
        case "progress":
            guard let report = ProgressReport(object) else { return nil }
            self = .progress(report)
        case "plan": self = .plan(object.array("plan").prefix(PlanStep.limit).compactMap(PlanStep.init))
        case "usage":
            self = .usage(
                TokenUsage(
                    input: object.count("input"), cached: object.count("cached"), output: object.count("output"),
                    costUSD: object["cost_usd"]?.doubleValue))
        case "retrying":
            self = .retrying(
                reason: Self.cut(object.text("reason") ?? ""),
                milliseconds: object.number("delay_ms").map { min(86_400_000, max(0, $0)) })
        case "question":
            guard let id = AgentQuestion.ID(object), let value = object.object("question"),
                let kind = AgentQuestion.Kind(value)
            else { return nil }
            self = .question(AgentQuestion(id: id, kind: kind, reason: object.text("reason").map { Self.cut($0) }))
        case "answer":
            guard let id = AgentQuestion.ID(object), let by = object.text("by") else { return nil }
            self = .answer(id, object.object("answer").flatMap(AgentAnswer.init), by: Self.cut(by, 100))
        case "recovery":
            guard let by = object.text("by"), let state = object.text("state").flatMap(RecoveryState.init) else {
                return nil
            }
            self = .recovery(by: Self.cut(by, 100), state, text: Self.cut(object.text("text") ?? ""))
        case "result":
            guard let result = AgentResult(object) else { return nil }
            self = .result(result)
        default: return nil
        }
    }

    fileprivate static func cut(_ text: String, _ limit: Int = textLimit) -> String { text.prefix(scalars: limit) }
}

extension ProgressReport {
    fileprivate init?(_ object: JSONObject) {
        guard let phase = object.text("phase").flatMap(Phase.init) else { return nil }
        func count(_ name: String, _ limit: Int64) -> Int { Int(min(limit, object.count(name))) }
        self.init(
            phase: phase, percent: count("percent", 100), isEstimated: object.truth("estimated") ?? true,
            finished: count("finished", 1_000_000), total: count("total", 1_000_000), tools: count("tools", 1_000_000))
        step = object.text("step").map { AgentReport.cut($0, PlanStep.textLimit) }
    }
}

extension AgentQuestion.ID {
    fileprivate init?(_ object: JSONObject) {
        guard let number = object.number("id") else { return nil }
        self.init(Int(number))
    }
}

extension AgentQuestion.Kind {
    /// Parts of a question and options of a part that are read.
    private static let limit = 20

    fileprivate init?(_ object: JSONObject) {
        switch object.text("kind") {
        case "command":
            self = .command(AgentReport.cut(object.text("command") ?? ""), directory: object.text("cwd"))
        case "file_change":
            let paths = object.array("paths").prefix(100).compactMap(\.stringValue)
            self = .fileChange(paths.map { AgentReport.cut($0) })
        case "permission": self = .permission(AgentReport.cut(object.text("permission") ?? ""))
        case "tool": self = .tool(AgentReport.cut(object.text("tool") ?? ""), input: .null)
        case "credential":
            self = .credential(
                AgentReport.cut(object.text("prompt") ?? ""), secret: object.text("secret").map { AgentReport.cut($0) })
        case "words":
            self = .words(
                object.array("questions").prefix(Self.limit).compactMap { value in
                    value.objectValue.map { part in
                        AgentQuestion.Words(
                            id: AgentReport.cut(part.text("id") ?? ""),
                            header: AgentReport.cut(part.text("header") ?? ""),
                            question: AgentReport.cut(part.text("question") ?? ""),
                            options: part.array("options").prefix(Self.limit).compactMap(Self.option),
                            allowsSeveral: part.truth("several") ?? false)
                    }
                })
        default: return nil
        }
    }

    private static func option(_ value: JSONValue) -> AgentQuestion.Words.Option? {
        value.objectValue.map {
            AgentQuestion.Words.Option(
                label: AgentReport.cut($0.text("label") ?? ""),
                description: AgentReport.cut($0.text("description") ?? ""))
        }
    }
}

extension AgentAnswer {
    fileprivate init?(_ object: JSONObject) {
        switch object.text("decision") {
        case "accept": self = .accept
        case "decline": self = .decline(reason: AgentReport.cut(object.text("reason") ?? ""))
        case "words":
            let members = object.object("answers")?.members.prefix(20) ?? []
            let answers = members.map { member in
                let labels = (member.value.arrayValue ?? []).prefix(20).compactMap { $0.stringValue }
                return (AgentReport.cut(member.name), labels.map { AgentReport.cut($0) })
            }
            self = .words(Dictionary(answers) { first, _ in first })
        default: return nil
        }
    }
}

extension AgentResult {
    fileprivate init?(_ object: JSONObject) {
        switch object.text("status") {
        case "success": self = .success(AgentReport.cut(object.text("text") ?? ""))
        case "interrupted": self = .interrupted
        case "failed":
            let code = object.text("code").flatMap(AgentFailure.Code.init) ?? .other
            var failure = AgentFailure(code, AgentReport.cut(object.text("message") ?? ""))
            failure.cause = object.text("cause").flatMap(AgentFailure.Cause.init) ?? failure.cause
            self = .failed(failure)
        default: return nil
        }
    }
}
