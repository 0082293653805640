internal import Agents

/// Reads by which lines of its output a plain command tells how far it is.
enum AgentProgressReader {
    static func read(_ node: DocumentNode) throws(ConfigurationError) -> [ProgressRule] {
        var rules: [ProgressRule] = []
        for node in try node.list() {
            guard rules.count < ProgressRule.limit else {
                throw node.error("is one too many; there can be \(ProgressRule.limit)")
            }
            rules.append(try rule(node))
        }
        return rules
    }

    private static func rule(_ node: DocumentNode) throws(ConfigurationError) -> ProgressRule {
        var section = try node.section()
        let text = try section.require("pattern")
        let written = try text.text()
        let pattern: ProgressPattern
        do throws(ProgressPattern.Invalid) {
            pattern = try ProgressPattern(written)
        } catch {
            throw text.error("cannot be read: \(error)")
        }
        let rule = ProgressRule(
            pattern, percent: try section.take("percent")?.integer(0...100),
            phase: try section.take("phase")?.choice(ProgressReport.Phase.self),
            step: try section.take("step")?.text())
        try section.finish()
        return rule
    }
}
