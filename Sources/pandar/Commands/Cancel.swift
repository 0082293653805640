internal import ArgumentParser
internal import TaskModel

/// Publishes the action `cancel`.
struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Cancel a task that has not ended.",
        discussion: """
            Returns once the broker has the action; `pandar watch TASK` shows what becomes of it.

            Example: pandar cancel nightly-audit --reason 'not tonight' --actor ana
            """)

    @OptionGroup var action: ActionOptions
    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        try action.publish(.cancel, try settings.client())
    }
}
