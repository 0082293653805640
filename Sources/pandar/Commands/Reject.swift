internal import ArgumentParser
internal import TaskModel

/// Publishes the decision `reject`.
struct Reject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reject what a task waits for.",
        discussion: """
            Who asked for the task cannot decide, unless the configuration allows it. Returns once the broker has the
            decision; `pandar watch TASK` shows what becomes of it.

            Example: pandar reject nightly-audit --actor ana --reason 'not this branch'
            """)

    @OptionGroup var decision: DecisionOptions

    func run() async throws {
        try await decision.publish(.reject)
    }
}
