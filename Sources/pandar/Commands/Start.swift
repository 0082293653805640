internal import ArgumentParser
internal import TaskModel

/// Publishes the action `start`.
struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start a task before its schedule, or a failed one again.",
        discussion: """
            Returns once the broker has the action; `pandar watch TASK` shows what becomes of it.

            Example: pandar start nightly-audit
            """)

    @OptionGroup var action: ActionOptions
    @OptionGroup(title: "Settings") var settings: SettingsOptions

    func run() async throws {
        try action.publish(.start, try settings.client())
    }
}
