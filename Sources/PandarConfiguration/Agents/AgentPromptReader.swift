internal import Agents

/// Reads what is typed where a plain command asks for something.
enum AgentPromptReader {
    static func read(_ node: DocumentNode) throws(ConfigurationError) -> [PromptRule] {
        try node.list(limit: PromptRule.limit, rule)
    }

    private static func rule(_ node: DocumentNode) throws(ConfigurationError) -> PromptRule {
        var section = try node.section()
        let pattern = try AgentProgressReader.pattern(&section)
        let answer = section.take("answer")
        let secret = section.take("secret")
        try section.finish()
        switch (answer, secret) {
        case (let answer?, nil):
            let text = try answer.text()
            guard !text.isEmpty, text.utf8.count <= 1000, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw answer.error("must be one line of 1 to 1,000 bytes without control characters")
            }
            return PromptRule(pattern, .text(text))
        case (nil, let secret?): return PromptRule(pattern, .secret(try secret.text()))
        default: throw node.error("needs answer, or secret and not both", .contradiction)
        }
    }
}
