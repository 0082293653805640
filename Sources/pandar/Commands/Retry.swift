internal import ArgumentParser
internal import TaskModel

/// Publishes the action `retry`.
struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a failed or cancelled task again; its history is kept.",
        discussion: """
            Returns once the broker has the action; `pandar watch TASK` shows what becomes of it.

            Example: pandar retry nightly-audit
            """)

    @OptionGroup var action: ActionOptions
    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        try action.publish(.retry, try settings.client())
    }
}
