extension Confirmation {
    /// A question of an attempt.
    public struct Asker: Hashable, Sendable {
        public let attempt: Int
        /// 1, 2, 3, … within the attempt.
        public let question: Int

        public init(attempt: Int, question: Int) {
            self.attempt = attempt
            self.question = question
        }
    }

    /// The one use of an approval: written before the attempt gets its answer.
    public struct Use: Hashable, Sendable {
        /// Whom it was given to.
        public let by: Asker
        public let at: Timestamp
        /// What became of it; `nil` while nobody has said so.
        public var act: Act?

        public init(by: Asker, at: Timestamp, act: Act? = nil) {
            self.by = by
            self.at = at
            self.act = act
        }
    }

    /// What was done with an approval, as the runner reports it.
    public struct Act: Hashable, Sendable {
        /// `nil` where the command could not be run.
        public let exitCode: Int32?
        /// One sentence.
        public let summary: String
        public let at: Timestamp

        public init(exitCode: Int32?, summary: String, at: Timestamp) {
            self.exitCode = exitCode
            self.summary = summary
            self.at = at
        }
    }
}

extension Confirmation.Asker {
    func write(to writer: inout JSONWriter) {
        writer.object { writeMembers(to: &$0) }
    }

    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.name("attempt")
        writer.integer(attempt)
        writer.name("question")
        writer.integer(question)
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "confirmation.asked_by.")
        try self.init(&fields)
    }

    fileprivate init(_ fields: inout FieldReader) throws(ContractViolation) {
        guard let attempt = try fields.integer("attempt", 1...Int64(Int32.max)) else { throw fields.missing("attempt") }
        guard let question = try fields.integer("question", 1...Int64(Int32.max)) else {
            throw fields.missing("question")
        }
        self.init(attempt: Int(attempt), question: Int(question))
    }
}

extension Confirmation.Use {
    func write(to writer: inout JSONWriter) {
        writer.object {
            by.writeMembers(to: &$0)
            $0.optional("at", at)
            if let act {
                $0.name("act")
                $0.object {
                    $0.optional("exit_code", act.exitCode)
                    $0.name("summary")
                    $0.string(act.summary)
                    $0.optional("at", act.at)
                }
            }
        }
    }

    init(_ object: JSONObject) throws(ContractViolation) {
        var fields = FieldReader(object, path: "confirmation.used.")
        let by = try Confirmation.Asker(&fields)
        guard let at = try fields.time("at") else { throw fields.missing("at") }
        self.init(by: by, at: at)
        guard let object = try fields.object("act") else { return }
        var members = FieldReader(object, path: "confirmation.used.act.")
        act = Confirmation.Act(
            exitCode: try members.integer("exit_code", Int64(Int32.min)...Int64(Int32.max)).map(Int32.init),
            summary: try members.string("summary") ?? "", at: try members.time("at") ?? at)
    }
}
