extension TaskRequest {
    /// Reads and validates a request.
    public init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object)
        taskID = try fields.taskID("task_id")
        guard let name = try fields.text("name", 1...200, trimmed: true) else { throw fields.missing("name") }
        self.name = name
        description = try fields.text("description", 0...1000)
        guard let command = try fields.text("command", 1...10_000, trimmed: true) else {
            throw fields.missing("command")
        }
        self.command = command
        guard let projectID = try fields.integer("project_id", 1...Int64.max) else {
            throw fields.missing("project_id")
        }
        self.projectID = projectID
        priority = try fields.choice("priority", TaskPriority.self) ?? .medium
        scheduledAt = try fields.time("scheduled_at")
        createdBy = fields.take("created_by")
        switch createdBy {
        case nil, .integer: break
        case .string(let text) where (1...200).contains(text.unicodeScalars.count): break
        case .string:
            throw ContractViolation(
                .outOfRange, field: "created_by", "The field created_by must have 1 to 200 characters.")
        case let value?: throw fields.wrongType("created_by", value, "an integer or a string")
        }
        metadata = try TaskMetadata(try fields.object("metadata") ?? JSONObject())
        // A member named like a field of the snapshot would stand twice in it.
        extras = fields.rest.filter { !TaskSnapshot.stateFields.contains($0.name) }
    }

    /// Writes the members of the request, without braces.
    public func write(to writer: inout JSONWriter) {
        if let taskID {
            writer.name("task_id")
            writer.string(taskID.text)
        }
        writer.name("name")
        writer.string(name)
        writer.optional("description", description)
        writer.name("command")
        writer.string(command)
        writer.name("project_id")
        writer.integer(projectID)
        writer.name("priority")
        writer.string(priority.rawValue)
        writer.optional("scheduled_at", scheduledAt)
        if let createdBy {
            writer.name("created_by")
            writer.value(createdBy)
        }
        writer.name("metadata")
        writer.object { metadata.write(to: &$0) }
        writer.members(extras)
    }
}

extension TaskMetadata {
    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "metadata.")
        agent = try fields.text("agent", 1...100)
        proxyAgent = try fields.text("proxy_agent", 1...100)
        approvalPolicy = try fields.choice("approval_policy", ApprovalPolicy.self)
        gates = try fields.texts("gates", count: 100, length: 100)
        notify = try fields.texts("notify", count: 20, length: 2000)
        timeoutSeconds = try fields.integer("timeout_sec", 1...604_800).map(Int.init)
        maxRetries = try fields.integer("max_retries", 0...10).map(Int.init)
        context = fields.take("context")
        switch context {
        case nil, .string, .object: break
        case let value?: throw fields.wrongType("context", value, "a string or an object")
        }
        concurrencyKey = try fields.text("concurrency_key", 1...200)
        sandbox = try fields.object("sandbox")
        // Kept as it came; what it says must be understood here, or a limit would silently not hold.
        if let sandbox { _ = try SandboxDemand(sandbox) }
        budget = try fields.object("budget").map { object throws(ContractViolation) in try TaskBudget(object) }
        extras = fields.rest
    }

    func write(to writer: inout JSONWriter) {
        writer.optional("agent", agent)
        writer.optional("proxy_agent", proxyAgent)
        writer.optional("approval_policy", approvalPolicy?.rawValue)
        writer.optional("gates", gates)
        writer.optional("notify", notify)
        writer.optional("timeout_sec", timeoutSeconds)
        writer.optional("max_retries", maxRetries)
        if let context {
            writer.name("context")
            writer.value(context)
        }
        writer.optional("concurrency_key", concurrencyKey)
        if let sandbox {
            writer.name("sandbox")
            writer.value(.object(sandbox))
        }
        if let budget {
            writer.name("budget")
            writer.value(budget.json)
        }
        writer.members(extras)
    }
}
