internal import TaskModel

extension CommandTrigger {
    /// An example of a trigger that the trigger itself does not keep.
    public struct BrokenExample: Hashable, Sendable {
        public let command: String
        /// What is wrong.
        public let problem: String
    }

    /// Tries the trigger's own examples, with nothing but this trigger and the wrappers.
    public func brokenExamples() -> [BrokenExample] {
        let gate = GateDefinition("gate", description: "", triggers: [.command(self)])
        let catalog = GateCatalog([gate])
        return matches.compactMap { broken($0, catalog, mustHit: true) }
            + spares.compactMap { broken($0, catalog, mustHit: false) }
    }

    private func broken(_ command: String, _ catalog: GateCatalog, mustHit: Bool) -> BrokenExample? {
        let argv: [String]
        do throws(CommandLine.Refusal) {
            argv = try CommandLine(command).words
        } catch {
            return BrokenExample(command: command, problem: error.sentence)
        }
        let hits = catalog.hits(GateQuestion(argv: argv))
        guard hits.isEmpty == mustHit else { return nil }
        let problem = mustHit ? "The trigger must find it." : "The trigger must not find it."
        return BrokenExample(command: command, problem: problem)
    }
}
