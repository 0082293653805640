internal import ArgumentParser
internal import TaskModel

/// Publishes the decision `approve`.
struct Confirm: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Approve what a task waits for.",
        discussion: """
            Who asked for the task cannot decide, unless the configuration allows it. Returns once the broker has the
            decision; `pandar watch TASK` shows what becomes of it.

            Example: pandar confirm nightly-audit --actor ana
            """)

    @OptionGroup var decision: DecisionOptions

    func run() async throws {
        try await decision.publish(.approve)
    }
}
