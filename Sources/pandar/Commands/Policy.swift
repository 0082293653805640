internal import ArgumentParser
internal import CommandPolicy
internal import Foundation
internal import PandarConfiguration
internal import TaskModel

/// The rules for commands: tries and checks them.
struct Policy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what the command policy says to a command; check or print its rules.",
        discussion: """
            Examples:
              pandar policy explain 'codex audit --fix'
              pandar policy check policy.yaml
              pandar policy template > policy.yaml
            """,
        subcommands: [Explain.self, Check.self, Template.self])

    /// Judges one command.
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show how a command is split, which rules were tried, and the verdict.",
            discussion: """
                Exits with 0 when it is allowed, 1 when it is gated or blocked.

                Examples:
                  pandar policy explain 'codex audit --fix'
                  pandar policy explain 'env rm -rf /' --policy auto_with_gates --json
                """)

        @Argument(help: "The command as it would stand in a request.")
        var command: String

        @Option(
            name: .long, help: "The task's approval policy: auto, manual or auto_with_gates.",
            transform: approvalPolicy)
        var policy = ApprovalPolicy.auto

        @Flag(name: .long, help: "One JSON object: {verdict, rule, argv, reason, policy, commands}.")
        var json = false

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            let rules = try settings.load().settings.policy.policy()
            let explanation = rules.explain(command, approvalPolicy: policy)
            let terminal = Terminal.output
            if json {
                terminal.writeLine(explanation.json(policy))
            } else {
                let style = Style(isOn: terminal.hasColour)
                for line in explanation.lines(policy, style) { terminal.writeLine(line) }
            }
            if explanation.verdict.kind != .allow { throw CommandError.ending(.failed) }
        }
    }

    /// Reads a file of rules and tries their examples.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read the rules and try every rule's own examples.",
            discussion: """
                Exits with 78 when something is wrong, and says what and where.

                Example: pandar policy check policy.yaml
                """)

        @Argument(help: "The file; without it what policy.file says.", completion: .file())
        var file: String?

        @OptionGroup(title: "Settings") var settings: SettingsOptions

        func run() async throws {
            var section = try settings.load().settings.policy
            if let file { section.file = file }
            let policy = try section.policy()
            let examples = policy.rules.reduce(0) { $0 + $1.matches.count + $1.spares.count }
            let name = section.file.isEmpty ? "the built-in policy" : section.file
            Terminal.output.writeLine(
                "\(name): \(policy.rules.count) rules, \(examples) examples, \(policy.wrappers.count) wrappers, "
                    + "\(policy.fragments.count) fragments; all right")
        }
    }

    /// Prints the built-in rules.
    struct Template: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the built-in rules as a file to start from.",
            discussion: "Example: pandar policy template > policy.yaml")

        func run() async throws {
            Terminal.output.write(Array(PolicyTemplate.yaml().utf8))
        }
    }
}

/// The approval policies by their names in requests.
private func approvalPolicy(_ text: String) throws -> ApprovalPolicy {
    guard let policy = ApprovalPolicy(rawValue: text) else {
        throw ValidationError("--policy must be one of: auto, manual, auto_with_gates; but is \"\(text)\".")
    }
    return policy
}
