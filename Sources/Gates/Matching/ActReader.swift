internal import CommandPolicy
internal import TaskModel

/// Reads a question down to the acts that it comes to: through wrappers, shells, aliases and the programs that git runs.
struct ActReader {
    typealias Word = UnwrappedCommand.Word

    let unwrapper: CommandUnwrapper
    let programs: Set<String>
    let environment: [String: String]
    private(set) var result = Acts()
    private var nesting = 0

    /// Commands inside commands that are looked into; more count as unreadable.
    private static let maximumNesting = 8

    init(_ unwrapper: CommandUnwrapper, programs: Set<String>, environment: [String: String]) {
        self.unwrapper = unwrapper
        self.programs = programs
        self.environment = environment
    }

    mutating func read(_ argv: [String], _ facts: RepositoryFacts?) {
        for (name, value) in environment where Self.runsProgram(name) { readText(Word(value), facts: nil) }
        readCommand(argv.map { Word($0) }, facts: facts)
    }

    // MARK: Commands and texts

    mutating func readCommand(_ words: [Word], facts: RepositoryFacts?) {
        nested { $0.take($0.unwrapper.commands(of: words), facts) }
    }

    mutating func readText(_ text: Word, facts: RepositoryFacts?) {
        guard !text.text.isEmpty else { return }
        nested { $0.take($0.unwrapper.commands(inShell: text), facts) }
    }

    private mutating func nested(_ body: (inout ActReader) -> Void) {
        guard nesting < Self.maximumNesting else {
            result.isComplete = false
            return
        }
        nesting += 1
        body(&self)
        nesting -= 1
    }

    private mutating func take(_ found: UnwrappedCommands, _ facts: RepositoryFacts?) {
        if !found.isComplete { result.isComplete = false }
        var seen: Set<Word> = []
        for (place, command) in found.commands.enumerated() {
            for variable in command.variables where seen.insert(variable).inserted {
                readText(Word(Self.value(variable.text), isKnown: true), facts: nil)
            }
            let isUndisturbed = place == found.commands.count - 1 && Self.isTransparent(found.commands)
            take(command, isUndisturbed ? facts : nil)
        }
        if found.readsPrinted { readWritten(found.commands) }
    }

    private mutating func take(_ command: UnwrappedCommand, _ facts: RepositoryFacts?) {
        let names = command.programNames
        if names.contains(where: { GitReader.programs.contains($0) }) {
            takeGit(command.words, command.variables, facts)
        } else if let dashed = names.first, dashed.hasPrefix("git-") {
            takeGit(
                [Word("git"), Word(String(dashed.dropFirst(4)))] + command.words.dropFirst(), command.variables, facts)
        } else if names.isEmpty, GitReader.looksLikePush(command.words) {
            takeGit(command.words, command.variables, nil)
        }
        result.acts.append(Act(command.words))
    }

    private mutating func takeGit(_ words: [Word], _ variables: [Word], _ facts: RepositoryFacts?) {
        var reader = GitReader(environment: environment, variables: variables, facts: facts)
        reader.read(words[1...])
        for push in reader.pushes { result.acts.append(Act(words, push: push)) }
        for run in reader.runs {
            switch run {
            case .command(let words): readCommand(words, facts: nil)
            case .text(let text, let facts): readText(text, facts: facts)
            }
        }
    }

    /// What is written into a shell may be commands: `echo git push | sh`.
    private mutating func readWritten(_ commands: [UnwrappedCommand]) {
        for command in commands {
            for place in command.words.indices.dropFirst() {
                let word = command.words[place]
                guard word.isKnown else { continue }
                if word.text.contains(where: \.isWhitespace) {
                    readText(word, facts: nil)
                } else if UnwrappedCommand(words: [word]).programNames.contains(where: programs.contains) {
                    readCommand(Array(command.words[place...]), facts: nil)
                }
            }
        }
    }

    // MARK: What leaves the repository as it is

    /// Wrappers that change neither the directory nor the environment, but for variables that they name.
    private static let transparent: Set<String> = [
        "env", "nice", "timeout", "nohup", "setsid", "stdbuf", "ionice", "time", "command", "exec", "sh", "bash",
        "dash",
        "zsh", "ash",
    ]

    /// Whether each command only runs the next one, in the same place: then facts about the place hold for the last.
    private static func isTransparent(_ commands: [UnwrappedCommand]) -> Bool {
        guard let last = commands.last, commands.count == last.depth + 1 else { return false }
        return commands.dropLast().allSatisfy { command in
            let names = command.programNames
            guard names.contains(where: transparent.contains) else { return false }
            return !names.contains("env") || command.words.dropFirst().first?.text.hasPrefix("-") == false
        }
    }

    private static func value(_ assignment: String) -> String {
        String(assignment.drop { $0 != "=" }.dropFirst())
    }

    /// Variables whose value is a program: `GIT_SSH_COMMAND`, `PAGER`, `KUBE_EDITOR`.
    private static func runsProgram(_ name: String) -> Bool {
        ["EDITOR", "PAGER", "VISUAL", "COMMAND", "ASKPASS", "DIFF", "BROWSER", "GIT_SSH"].contains {
            name.hasSuffix($0)
        }
    }
}
