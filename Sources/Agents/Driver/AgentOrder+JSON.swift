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
            if !environment.isEmpty {
                writer.name("environment")
                writer.object { writer in
                    for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
                        writer.name(escaping: name)
                        writer.string(value)
                    }
                }
            }
            writer.optional("prompt", prompt)
            writer.optional("cwd", directory)
            writer.optional("session", session)
            writer.optional("resume_note", resumeNote)
            writer.optional("reports", reports)
            writer.optional("answerer", answerer)
            writer.optional("answer_limit", answerLimit)
            writer.optional("handshake_seconds", handshakeSeconds)
            writer.optional("grace_seconds", graceSeconds)
        }
        return writer.bytes
    }

    /// - Throws: `Invalid`, naming the member.
    public init(json: [UInt8]) throws(Invalid) {
        guard let object = try? JSONParser.parse(json).objectValue else {
            throw Invalid(description: "The order is not a JSON object.")
        }
        guard let adapter = object.text("adapter").flatMap(AdapterKind.init), adapter != .exec else {
            throw Invalid(description: "adapter: it must be codex-app-server, claude-stream-json or acp.")
        }
        let program = object.array("program").compactMap(\.stringValue)
        guard !program.isEmpty else { throw Invalid(description: "program: there is none.") }
        guard let prompt = object.text("prompt") else { throw Invalid(description: "prompt: it is missing.") }
        guard let directory = object.text("cwd"), directory.hasPrefix("/") else {
            throw Invalid(description: "cwd: it must be an absolute path.")
        }
        self.init(adapter: adapter, program: program, prompt: prompt, directory: directory)
        for member in object.object("environment")?.members ?? [] {
            environment[member.name] = member.value.stringValue
        }
        session = object.text("session")
        resumeNote = object.text("resume_note")
        reports = object.text("reports")
        answerer = object.array("answerer").compactMap(\.stringValue)
        answerLimit = Int(object.number("answer_limit") ?? Int64(answerLimit))
        handshakeSeconds = Int(object.number("handshake_seconds") ?? Int64(handshakeSeconds))
        graceSeconds = Int(object.number("grace_seconds") ?? Int64(graceSeconds))
    }
}
