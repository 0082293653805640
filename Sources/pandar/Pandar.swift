internal import ArgumentParser
internal import Foundation

/// The command line.
@main
struct Pandar: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pandar",
        abstract: "Runs coding-agent tasks unattended: requests come in on Kafka topics, results go out on them.",
        discussion: """
            First steps:
              pandar serve --embedded-broker        a service with a broker of its own
              pandar submit --name Hello --command 'echo hello' --project 1 --wait
              pandar watch                          everything that happens, live
              pandar stats                          the figures

            \(ExitStatus.help)

            Shell completion: pandar --generate-completion-script bash|zsh|fish
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(name: "Running:", subcommands: [Serve.self, Broker.self, Doctor.self]),
            CommandGroup(
                name: "Tasks:",
                subcommands: [
                    Submit.self, Watch.self, Start.self, Cancel.self, Confirm.self, Reject.self, Retry.self,
                ]),
            CommandGroup(name: "Reading:", subcommands: [List.self, Show.self, Search.self, Stats.self]),
            CommandGroup(
                name: "Administration:",
                subcommands: [
                    Topics.self, DeadLetters.self, Audit.self, Config.self, Policy.self, GatesCommand.self,
                    AgentsCommand.self,
                ]),
        ])

    static func main() async {
        // A reader that goes away (`pandar list | head`) ends the command without a word, as it does others.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parseAsRoot(GivenArguments.split(Array(ProcessInfo.processInfo.arguments.dropFirst())))
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = CommandError(error) else { exit(withError: error) }
            if !failure.message.isEmpty { Terminal.error.writeLine("pandar: \(failure.message)") }
            exit(withError: ExitCode(failure.status.rawValue))
        }
    }
}
