internal import Agents

/// Reads by which lines of its output a plain command tells how far it is.
enum AgentProgressReader {
    static func read(_ node: DocumentNode) throws(ConfigurationError) -> [ProgressRule] {
        try node.list(limit: ProgressRule.limit, rule)
    }

    private static func rule(_ node: DocumentNode) throws(ConfigurationError) -> ProgressRule {
        var section = try node.section()
        let pattern = try pattern(&section)
        let rule = ProgressRule(
            pattern, percent: try section.take("percent")?.integer(0...100),
            phase: try section.take("phase")?.choice(ProgressReport.Phase.self),
            step: try section.take("step")?.text())
        try section.finish()
        return rule
    }

    /// What a line must hold, for this and for other rules.
    static func pattern(_ section: inout DocumentSection) throws(ConfigurationError) -> LinePattern {
        let node = try section.require("pattern")
        let text = try node.text()
        do throws(LinePattern.Invalid) {
            return try LinePattern(text)
        } catch {
            throw node.error("cannot be read: \(error)")
        }
    }
}
