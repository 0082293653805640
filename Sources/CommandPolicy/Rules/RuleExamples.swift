internal import TaskModel

extension PolicyRule {
    /// An example of a rule that the rule itself does not keep.
    public struct BrokenExample: Hashable, Sendable {
        public let rule: String
        public let command: String
        /// What is wrong.
        public let problem: String
    }

    /// Tries the rule's own examples, with nothing but this rule and the wrappers.
    public func brokenExamples(wrappers: [PolicyWrapper]) -> [BrokenExample] {
        let policy = CommandPolicy(programs: .any, rules: [self], wrappers: wrappers, fragmentScope: .off)
        return matches.compactMap { broken($0, policy, expected: name) }
            + spares.compactMap { broken($0, policy, expected: nil) }
    }

    private func broken(_ command: String, _ policy: CommandPolicy, expected: String?) -> BrokenExample? {
        let verdict = policy.verdict(of: command, approvalPolicy: .auto)
        guard verdict.rule != expected else { return nil }
        let problem =
            switch verdict.rule {
            case CommandPolicy.OwnRule.notSplittable?: verdict.reason
            case let found? where found != name: "The rule \(found) finds it."
            case _ where expected == nil: "The rule must not find it."
            default: "The rule must find it."
            }
        return BrokenExample(rule: name, command: command, problem: problem)
    }
}
