internal import TaskModel

extension AgentOrder {
    /// Why an order cannot be read.
    public struct Invalid: Error, CustomStringConvertible {
        public let description: String
    }

    public func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.name("adapter")
            writer.string(adapter.rawValue)
            writer.optional("program", program)
            Self.write(environment, &writer)
            writer.optional("prompt", prompt)
            writer.optional("cwd", directory)
            writer.optional("session", session)
            writer.optional("resume_note", resumeNote)
            writer.optional("reports", reports)
            if let proxy {
                writer.name("proxy")
                writer.object { writer in
                    writer.optional("agent", proxy.agent)
                    writer.optional("adapter", proxy.adapter.rawValue)
                    writer.optional("program", proxy.program)
                    Self.write(proxy.environment, &writer)
                    writer.optional("recovery", proxy.recovery.rawValue)
                }
            }
            writer.optional("answer_limit", answerLimit)
            writer.optional("answer_seconds", answerSeconds)
            Self.write("progress", progress, &writer) { rule, writer in
                writer.optional("pattern", rule.pattern.text)
                writer.optional("percent", rule.percent)
                writer.optional("phase", rule.phase?.rawValue)
                writer.optional("step", rule.step)
            }
            Self.write("prompts", prompts, &writer) { rule, writer in
                writer.optional("pattern", rule.pattern.text)
                switch rule.reply {
                case .text(let text): writer.optional("answer", text)
                case .secret(let name): writer.optional("secret", name)
                }
            }
            writer.optional("handshake_seconds", handshakeSeconds)
            writer.optional("grace_seconds", graceSeconds)
        }
        return writer.bytes
    }

    private static func write<Rule>(
        _ name: String, _ rules: [Rule], _ writer: inout JSONWriter, _ members: (Rule, inout JSONWriter) -> Void
    ) {
        guard !rules.isEmpty else { return }
        writer.name(escaping: name)
        writer.array { writer in
            for rule in rules { writer.object { members(rule, &$0) } }
        }
    }

    private static func write(_ environment: [String: String], _ writer: inout JSONWriter) {
        guard !environment.isEmpty else { return }
        writer.name("environment")
        writer.object { writer in
            for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
                writer.name(escaping: name)
                writer.string(value)
            }
        }
    }

    /// - Throws: `Invalid`, naming the member.
    public init(json: [UInt8]) throws(Invalid) {
        guard let object = try? JSONParser.parse(json).objectValue else {
            throw Invalid(description: "The order is not a JSON object.")
        }
        guard let adapter = object.text("adapter").flatMap(AdapterKind.init) else {
            throw Invalid(description: "adapter: it must be codex-app-server, claude-stream-json, acp or exec.")
        }
        let program = object.array("program").compactMap(\.stringValue)
        guard !program.isEmpty else { throw Invalid(description: "program: there is none.") }
        guard let prompt = object.text("prompt") else { throw Invalid(description: "prompt: it is missing.") }
        guard let directory = object.text("cwd"), directory.hasPrefix("/") else {
            throw Invalid(description: "cwd: it must be an absolute path.")
        }
        self.init(adapter: adapter, program: program, prompt: prompt, directory: directory)
        environment = Self.environment(object)
        session = object.text("session")
        resumeNote = object.text("resume_note")
        reports = object.text("reports")
        proxy = try object.object("proxy").map(Self.proxy)
        for value in object.array("progress") { progress.append(try Self.rule(value)) }
        for value in object.array("prompts") { prompts.append(try Self.prompt(value)) }
        answerLimit = Int(object.number("answer_limit") ?? Int64(answerLimit))
        answerSeconds = Int(object.number("answer_seconds") ?? Int64(answerSeconds))
        handshakeSeconds = Int(object.number("handshake_seconds") ?? Int64(handshakeSeconds))
        graceSeconds = Int(object.number("grace_seconds") ?? Int64(graceSeconds))
    }

    private static func environment(_ object: JSONObject) -> [String: String] {
        var environment: [String: String] = [:]
        for member in object.object("environment")?.members ?? [] {
            environment[member.name] = member.value.stringValue
        }
        return environment
    }

    private static func proxy(_ object: JSONObject) throws(Invalid) -> ProxyAgent {
        guard let adapter = object.text("adapter").flatMap(AdapterKind.init), adapter != .exec else {
            throw Invalid(description: "proxy.adapter: it must be codex-app-server, claude-stream-json or acp.")
        }
        let program = object.array("program").compactMap(\.stringValue)
        guard !program.isEmpty else { throw Invalid(description: "proxy.program: there is none.") }
        guard let agent = object.text("agent") else { throw Invalid(description: "proxy.agent: it has no name.") }
        guard let recovery = ProxyAgent.Recovery(rawValue: object.text("recovery") ?? "resume") else {
            throw Invalid(description: "proxy.recovery: it must be resume, stand or off.")
        }
        return ProxyAgent(
            agent: agent, adapter: adapter, program: program, environment: environment(object), recovery: recovery)
    }

    private static func rule(_ value: JSONValue) throws(Invalid) -> ProgressRule {
        let (object, pattern) = try pattern(value, "progress")
        return ProgressRule(
            pattern, percent: object.number("percent").map { Int(min(100, max(0, $0))) },
            phase: object.text("phase").flatMap(ProgressReport.Phase.init), step: object.text("step"))
    }

    private static func prompt(_ value: JSONValue) throws(Invalid) -> PromptRule {
        let (object, pattern) = try pattern(value, "prompts")
        if let name = object.text("secret") { return PromptRule(pattern, .secret(name)) }
        guard let text = object.text("answer") else {
            throw Invalid(description: "prompts: a rule has neither answer nor secret.")
        }
        return PromptRule(pattern, .text(text))
    }

    private static func pattern(
        _ value: JSONValue, _ member: String
    ) throws(Invalid) -> (rule: JSONObject, pattern: LinePattern) {
        guard let object = value.objectValue, let text = object.text("pattern") else {
            throw Invalid(description: "\(member): a rule has no pattern.")
        }
        do throws(LinePattern.Invalid) {
            return (object, try LinePattern(text))
        } catch {
            throw Invalid(description: "\(member): \(error).")
        }
    }
}
