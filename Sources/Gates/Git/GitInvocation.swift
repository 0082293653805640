internal import CommandPolicy

/// `git`, its own options, and the command: `git -C x -c a=b push …`.
struct GitInvocation {
    typealias Word = UnwrappedCommand.Word

    /// Options that say where: another repository than that of the working directory.
    private(set) var location: [String] = []
    /// Values of `-c` and `--config-env`, in their order.
    private(set) var configuration: [RepositoryFacts.Entry] = []
    /// Whether all of `configuration` could be read.
    private(set) var isConfigurationKnown = true
    /// `nil` where there is none: help, a version, or nothing at all.
    private(set) var command: Word?
    private(set) var arguments: ArraySlice<Word> = []
    /// Whether it does nothing but print (`--version`, `--help`).
    private(set) var onlyPrints = false

    /// - Parameters:
    ///   - words: what stands after `git`.
    ///   - environment: where `--config-env` finds its values.
    init(_ words: ArraySlice<Word>, environment: [String: String]) {
        var rest = words
        while let word = rest.first, word.isKnown, word.text.hasPrefix("-"), word.text.count > 1 {
            rest.removeFirst()
            take(word.text, &rest, environment)
        }
        // What comes next may be an option, the command, or both.
        command = rest.first
        arguments = rest.dropFirst()
    }

    private mutating func take(_ text: String, _ rest: inout ArraySlice<Word>, _ environment: [String: String]) {
        switch text {
        case "-c":
            guard let value = next(&rest) else { return }
            configuration.append(GitConfiguration.entry(value))
        case "--config-env":
            guard let value = next(&rest) else { return }
            takeVariable(value, environment)
        case _ where text.hasPrefix("--config-env="): takeVariable(String(text.dropFirst(13)), environment)
        case "-C", "--git-dir", "--work-tree", "--namespace":
            location += [text, next(&rest) ?? "…"]
        case "--super-prefix", "--shallow-file", "--attr-source": _ = next(&rest)
        case "--bare": location.append(text)
        case "--help", "-h", "--version", "-v", "--html-path", "--man-path", "--info-path", "--exec-path":
            onlyPrints = true
        case _ where text.hasPrefix("--list-cmds="): onlyPrints = true
        case _ where ["--git-dir=", "--work-tree=", "--namespace="].contains(where: text.hasPrefix):
            location.append(text)
        default: break
        }
    }

    private mutating func next(_ rest: inout ArraySlice<Word>) -> String? {
        let word = rest.popFirst()
        guard let word, word.isKnown else {
            isConfigurationKnown = false
            return nil
        }
        return word.text
    }

    /// `KEY=NAME`: the value stands in the environment.
    private mutating func takeVariable(_ text: String, _ environment: [String: String]) {
        guard let place = text.lastIndex(of: "="),
            let value = environment[String(text[text.index(after: place)...])]
        else {
            isConfigurationKnown = false
            return
        }
        configuration.append(.init(String(text[..<place]), value))
    }
}

extension RepositoryFacts {
    /// The options of a git command that say where it works (`-C x`, `--git-dir=x`): facts that are gathered for the
    /// command must be gathered with these, and name them in ``location``.
    ///
    /// - Parameter argv: `git` first.
    public static func location(of argv: [String]) -> [String] {
        GitInvocation(argv.dropFirst().map { UnwrappedCommand.Word($0) }[...], environment: [:]).location
    }
}
