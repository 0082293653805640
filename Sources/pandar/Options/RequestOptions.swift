internal import ArgumentParser
internal import TaskModel

/// A task request in flags.
struct RequestOptions: ParsableArguments {
    @Option(name: .long, help: "The task's name.")
    var name: String?

    @Option(name: .long, help: "What to run; split into words, never given to a shell.")
    var command: String?

    @Option(name: .long, help: "The project's number.")
    var project: Int64?

    @Option(name: .long, help: "What it is about.")
    var description: String?

    @Option(
        name: .long, help: "low, medium, high or urgent.", completion: .list(TaskPriority.allCases.map(\.rawValue)))
    var priority: String?

    @Option(name: .long, help: "The agent: codex, claude, gemini or another that the configuration defines.")
    var agent: String?

    @Option(name: .long, help: "The agent that answers prompts and recovers from errors.")
    var proxyAgent: String?

    @Option(
        name: .long, help: "When to ask a human: auto, manual or auto_with_gates.",
        completion: .list(ApprovalPolicy.allCases.map(\.rawValue)))
    var policy: String?

    @Option(name: .long, help: "A gate's name; can be given several times.")
    var gate: [String] = []

    @Option(name: .long, help: "A channel to notify (slack://…, webhook:https://…); can be given several times.")
    var notify: [String] = []

    @Option(name: .long, help: "Seconds that an attempt may take.")
    var timeout: Int64?

    @Option(name: .long, help: "Repetitions of a failed attempt, 0 to 10.")
    var retries: Int64?

    @Option(name: .long, help: "Tokens, in and out, that its agents may use in all attempts together.")
    var budgetTokens: Int64?

    @Option(name: .long, help: "US dollars (2.50) that its agents may cost, where they tell what they cost.")
    var budgetCost: String?

    @Option(name: .long, help: "Concurrency key: tasks with the same key run one at a time.")
    var key: String?

    @Option(name: .long, help: "When to start: an ISO 8601 time with a zone.")
    var at: String?

    @Option(name: .long, help: "The task's id; made up when absent.")
    var id: String?

    @Option(name: .long, help: "Text, or a JSON object, that the agent gets.")
    var context: String?

    @Option(name: .long, help: "Who asks.")
    var createdBy: String?

    /// Whether any flag is given, so that nothing is read from stdin.
    var isGiven: Bool { name != nil || command != nil || project != nil || id != nil }

    /// The request as JSON, in the words of the contract.
    var object: JSONObject {
        var metadata = JSONObject()
        metadata["agent"] = agent.map(JSONValue.string)
        metadata["proxy_agent"] = proxyAgent.map(JSONValue.string)
        metadata["approval_policy"] = policy.map(JSONValue.string)
        metadata["gates"] = gate.isEmpty ? nil : .array(gate.map(JSONValue.string))
        metadata["notify"] = notify.isEmpty ? nil : .array(notify.map(JSONValue.string))
        metadata["timeout_sec"] = timeout.map(JSONValue.integer)
        metadata["max_retries"] = retries.map(JSONValue.integer)
        metadata["context"] = context.map(Self.contextValue)
        metadata["concurrency_key"] = key.map(JSONValue.string)
        var budget = JSONObject()
        budget["tokens"] = budgetTokens.map(JSONValue.integer)
        // What is no number is sent on as a text, which the contract refuses in its own words.
        budget["cost_usd"] = budgetCost.map { text in
            let value = try? JSONParser.parse(text)
            return value?.doubleValue == nil ? .string(text) : value ?? .string(text)
        }
        metadata["budget"] = budget.isEmpty ? nil : .object(budget)
        var object = JSONObject()
        object["task_id"] = id.map(JSONValue.string)
        object["name"] = name.map(JSONValue.string)
        object["description"] = description.map(JSONValue.string)
        object["command"] = command.map(JSONValue.string)
        object["project_id"] = project.map(JSONValue.integer)
        object["priority"] = priority.map(JSONValue.string)
        object["scheduled_at"] = at.map(JSONValue.string)
        object["created_by"] = createdBy.map { text in Int64(text).map(JSONValue.integer) ?? .string(text) }
        object["metadata"] = metadata.isEmpty ? nil : .object(metadata)
        return object
    }

    private static func contextValue(_ text: String) -> JSONValue {
        guard text.hasPrefix("{"), let value = try? JSONParser.parse(text), value.objectValue != nil else {
            return .string(text)
        }
        return value
    }
}
