/// What a command would run in turn.
extension Judge {
    mutating func unwrap(_ reader: WrapperReader, _ words: ArraySlice<CommandWord>, depth: Int) {
        let contents = reader.contents(of: words)
        collected?.depth += 1
        defer { collected?.depth -= 1 }
        if reader.readsProgram(contents) {
            if let piped {
                hit(.pipeToShell, text: piped)
                collected?.readsPrinted = true
            }
            for input in inputs {
                if reader.wrapper.kind == .code {
                    judgeCode(input, depth: depth)
                } else {
                    judgeShell(input, depth: depth)
                }
            }
        }
        judgeAssignments(contents.assignments)
        withVariables(contents.assignments) { judge in
            for command in contents.commands { judge.judge(command, depth: depth) }
            judge.withoutPrograms { judge in
                for command in contents.possibleCommands { judge.judge(command, depth: depth) }
            }
        }
        for text in contents.shellTexts { judgeShell(text, parameters: contents.parameters, depth: depth) }
        for code in contents.codes { judgeCode(code, depth: depth) }
    }

    // MARK: The text of a shell

    mutating func judgeShell(_ word: CommandWord, parameters: ArraySlice<CommandWord> = [], depth: Int) {
        guard depth <= Self.maximumDepth else { return hitUnreadable() }
        if word.isDynamic {
            collected?.readsPrinted = true
            hit(.unknownProgram, text: [])
            if let piped { hit(.pipeToShell, text: piped) }
        }
        let text = ShellReader.read(word.bytes)
        if !text.isComplete {
            hitUnreadable()
            judgeCandidates(word.folded, depth: depth)
        }
        if text.usesParameters {
            withoutPrograms { judge in
                judge.judge(parameters, depth: depth)
                judge.judge(parameters.dropFirst(), depth: depth)
            }
        }
        for inner in text.substitutions { judgeShell(CommandWord(inner), depth: depth + 1) }
        let before = (piped, inputs)
        for place in text.commands.indices { judge(place, in: text, depth: depth) }
        (piped, inputs) = before
    }

    private mutating func judge(_ place: Int, in text: ShellText, depth: Int) {
        let command = text.commands[place]
        judgeAssignments(command.assignments)
        for file in command.redirections { hit(.redirection, text: file.folded) }
        guard let program = command.words.first else {
            if !command.assignments.isEmpty { collected?.add(command.assignments) }
            return
        }
        // In a group after a pipe, and in a shell that was started there, each command may read what comes through it.
        if let source = command.source { piped = Self.names(text.commands[...source]) }
        let isDynamic = (command.words + command.redirections + command.inputs).contains(where: \.isDynamic)
        if piped == nil, isDynamic, !text.substitutions.isEmpty {
            piped = Self.names(text.substitutions.flatMap { ShellReader.read($0).commands }[...])
            defer { piped = nil }
            judgeWords(command, program, depth)
            return
        }
        judgeDownload(place, in: text)
        judgeWords(command, program, depth)
    }

    private mutating func judgeWords(_ command: ShellCommand, _ program: CommandWord, _ depth: Int) {
        inputs = command.inputs
        withVariables(command.assignments) { judge in
            if ShellWords.builtins.contains(program.text) {
                judge.withoutPrograms { $0.judge(command.words[...], depth: depth) }
            } else {
                judge.judge(command.words[...], depth: depth)
            }
        }
        inputs = []
    }

    /// Finds the file that one command fetches and a later one runs.
    private mutating func judgeDownload(_ place: Int, in text: ShellText) {
        guard place > 0 else { return }
        let command = text.commands[place]
        for word in command.words.prefix(3) where !word.isOption && !word.isDynamic && isRun(word, by: command) {
            let name = ProgramName(word).bytes
            let isNamed = { (other: CommandWord) in
                other.folded == name || other.folded.ends(with: [UInt8(ascii: "/")] + name)
            }
            for earlier in text.commands[..<place]
            where earlier.words.dropFirst().contains(where: isNamed) || earlier.redirections.contains(where: isNamed) {
                hit(.pipeToShell, text: Self.names([earlier]), isNamed: true)
            }
        }
    }

    /// Whether the command runs that file: as its program, or as the script of a shell or interpreter.
    private func isRun(_ file: CommandWord, by command: ShellCommand) -> Bool {
        guard let program = command.words.first else { return false }
        if program.bytes == file.bytes { return file.bytes.contains(UInt8(ascii: "/")) }
        if program.bytes == [UInt8(ascii: ".")] || program.bytes == Array("source".utf8) { return true }
        return index.wrappers(ProgramName(program)).contains {
            $0.contents(of: command.words[...]).script?.bytes == file.bytes
        }
    }

    /// The names of the programs, with spaces. What a wrapper runs counts too: `timeout 5 curl …`.
    private static func names(_ commands: ArraySlice<ShellCommand>) -> [UInt8] {
        var names: [UInt8] = [UInt8(ascii: " ")]
        for word in commands.flatMap({ $0.words.prefix(4) }) { names += ProgramName(word).bytes + [UInt8(ascii: " ")] }
        return names
    }

    /// Variables before a command are as dangerous as those that `env` sets.
    mutating func judgeAssignments(_ assignments: [CommandWord]) {
        guard !assignments.isEmpty else { return }
        let words = [CommandWord("env")] + assignments
        for rule in index.rules(ProgramName(words[0])) where rule.matches(words[1...]) { hit(rule) }
    }

    // MARK: Code

    /// Code of another language: found by what starts programs in it; then each word may be a command.
    private mutating func judgeCode(_ code: CommandWord, depth: Int) {
        if code.isDynamic { hit(.unknownProgram, text: []) }
        guard hit(.inlineCode, text: code.folded) else { return }
        judgeCandidates(code.folded, depth: depth)
    }

    /// Judges each word of a text with those that follow it, if anything is known of it as a program.
    private mutating func judgeCandidates(_ text: [UInt8], depth: Int) {
        let words = text.split { !(ASCII.isWord($0) || "./-+=~:@%".utf8.contains($0)) }.map { CommandWord(Array($0)) }
        for place in words.indices.prefix(200) {
            let word = words[place].bytes
            // A path is a command only if it leads to programs: `/etc/passwd` is a file.
            guard !word.contains(UInt8(ascii: "/")) || word.contains(Array("bin/".utf8)),
                index.knows(ProgramName(words[place]))
            else { continue }
            let end = min(place + 20, words.count)
            withoutPrograms { $0.judge(words[place..<end], depth: depth + 1) }
        }
    }
}
