/// Finds what a wrapper would run.
final class WrapperReader: Sendable {
    /// What it would run.
    struct Contents {
        var commands: [ArraySlice<CommandWord>] = []
        /// Variables before the command.
        var assignments: [CommandWord] = []
        /// Commands only if an option that is not known takes a value: judged by the rules, not by the allowed programs.
        var possibleCommands: [ArraySlice<CommandWord>] = []
        var shellTexts: [CommandWord] = []
        /// Words that the text of a shell gets as `$0`, `$1`, …
        var parameters: ArraySlice<CommandWord> = []
        var codes: [CommandWord] = []
        /// The file of a program for a shell or interpreter.
        var script: CommandWord?
    }

    let wrapper: PolicyWrapper
    private let values: [OptionSpelling]
    private let strings: [OptionSpelling]
    private let markers: Set<[UInt8]>
    private let after: Set<[UInt8]>

    init(_ wrapper: PolicyWrapper) {
        self.wrapper = wrapper
        values = wrapper.values.map(OptionSpelling.init)
        strings = wrapper.strings.map(OptionSpelling.init)
        markers = Set(wrapper.markers.map { Array($0.utf8) })
        after = Set(wrapper.after.map { Array($0.utf8) })
    }

    /// - Parameter words: the wrapper itself first.
    func contents(of words: ArraySlice<CommandWord>) -> Contents {
        var contents = Contents()
        var arguments = words.dropFirst()
        if wrapper.appends { markPlaceholders(&arguments) }
        switch wrapper.kind {
        case .command: findCommand(arguments, &contents)
        case .text:
            findCommand(arguments, &contents)
            contents.shellTexts += contents.commands.map(Self.joined)
            contents.commands = []
            contents.possibleCommands = []
        case .definitions:
            contents.shellTexts = arguments.filter(\.isAssignment).map(Self.definition)
        case .shell: findShellText(arguments, &contents)
        case .code: findCode(arguments, &contents)
        case .options:
            findCode(arguments, &contents)
            contents.shellTexts = contents.codes
            contents.codes = []
        case .markers: findMarked(arguments, &contents)
        }
        if wrapper.appends {
            contents.commands = contents.commands.map { $0 + [.unknown] }
            contents.possibleCommands = contents.possibleCommands.map { $0 + [.unknown] }
        }
        return contents
    }

    /// What `xargs -I{}` puts in for `{}` nobody knows.
    private func markPlaceholders(_ arguments: inout ArraySlice<CommandWord>) {
        let option = OptionSpelling("-I|-i|--replace")
        var placeholder = Array("{}".utf8)
        if let place = arguments.firstIndex(where: { $0.isOption && option.value(in: $0.bytes) != nil }),
            let attached = option.value(in: arguments[place].bytes)
        {
            let next = arguments[place...].dropFirst().first?.bytes
            if !attached.isEmpty {
                placeholder = Array(attached)
            } else if let next, !next.isEmpty {
                placeholder = next
            }
        }
        for place in arguments.indices where !arguments[place].isOption && arguments[place].bytes.contains(placeholder)
        {
            arguments[place] = CommandWord(arguments[place].bytes, isDynamic: true)
        }
    }

    private func findCommand(_ arguments: ArraySlice<CommandWord>, _ contents: inout Contents) {
        var place = arguments.startIndex
        var operands = wrapper.operands
        while place < arguments.endIndex {
            let word = arguments[place]
            if word.isOption, !word.isDynamic {
                let text = strings.lazy.compactMap { $0.value(in: word.bytes) }.first
                if let text {
                    contents.shellTexts += Self.values(text, next: arguments[place...].dropFirst().first)
                    place += text.isEmpty ? 2 : 1
                } else if values.contains(where: { $0.isAlone(word.bytes) }) {
                    place += 2
                } else if values.contains(where: { $0.value(in: word.bytes) != nil }) {
                    place += 1
                } else {
                    place += 1
                    // `--` and options with a value of their own take no further word.
                    if word.bytes.count > 2 || word.bytes[1] != UInt8(ascii: "-"),
                        !word.bytes.contains(UInt8(ascii: "=")), place < arguments.endIndex, !arguments[place].isOption
                    {
                        let rest = arguments[(place + 1)...].dropFirst(operands)
                        if !rest.isEmpty { contents.possibleCommands.append(rest) }
                    }
                }
            } else if word.bytes == [UInt8(ascii: "-")] {
                place += 1
            } else if word.isAssignment, !word.isDynamic {
                contents.assignments.append(word)
                place += 1
            } else if operands > 0 {
                let isFirst = operands == wrapper.operands
                if isFirst, !after.isEmpty, !word.isDynamic, !after.contains(word.folded) {
                    contents.possibleCommands = []
                    return
                }
                operands -= 1
                place += 1
            } else {
                contents.commands.append(arguments[place...])
                return
            }
        }
    }

    private func findShellText(_ arguments: ArraySlice<CommandWord>, _ contents: inout Contents) {
        var hasText = false
        var place = arguments.startIndex
        while place < arguments.endIndex {
            let word = arguments[place]
            let isOption = word.isOption || word.bytes.first == UInt8(ascii: "+")
            guard isOption, !word.isDynamic else { break }
            if let text = strings.lazy.compactMap({ $0.value(in: word.bytes) }).first {
                if word.bytes.starts(with: "--".utf8), !text.isEmpty {
                    contents.shellTexts.append(CommandWord(Array(text)))
                } else {
                    hasText = true
                }
            }
            place += values.contains { $0.isAlone(word.bytes) } || word.bytes == Array("+o".utf8) ? 2 : 1
        }
        guard place < arguments.endIndex else { return }
        guard hasText else {
            contents.script = arguments[place]
            return
        }
        contents.shellTexts.append(arguments[place])
        contents.parameters = arguments[(place + 1)...]
    }

    private func findCode(_ arguments: ArraySlice<CommandWord>, _ contents: inout Contents) {
        var place = arguments.startIndex
        var operand: CommandWord?
        while place < arguments.endIndex {
            let word = arguments[place]
            let code = word.isOption ? strings.lazy.compactMap { $0.value(in: word.bytes) }.first : nil
            if let code {
                contents.codes += Self.values(code, next: arguments[place...].dropFirst().first)
                place += code.isEmpty ? 2 : 1
            } else if values.contains(where: { $0.isAlone(word.bytes) }) {
                // `python -m MODULE` has its program.
                if word.bytes == Array("-m".utf8) { operand = operand ?? arguments[place...].dropFirst().first }
                place += 2
            } else {
                if !word.isOption || word.isDynamic { operand = operand ?? word }
                place += 1
            }
        }
        if contents.codes.isEmpty, wrapper.operands > 0, let operand {
            contents.codes = [operand]
        } else {
            contents.script = operand
        }
    }

    private func findMarked(_ arguments: ArraySlice<CommandWord>, _ contents: inout Contents) {
        for place in arguments.indices where markers.contains(arguments[place].bytes) {
            let command = arguments[(place + 1)...].prefix {
                $0.bytes != [UInt8(ascii: ";")] && $0.bytes != [UInt8(ascii: "+")]
            }
            if !command.isEmpty { contents.commands.append(command) }
        }
    }

    /// Whether the program that it runs comes from its input, or from a file that only a shell knows.
    func readsProgram(_ contents: Contents) -> Bool {
        switch wrapper.kind {
        case .shell where contents.shellTexts.isEmpty, .code where contents.codes.isEmpty && wrapper.operands == 0:
            guard let script = contents.script else { return true }
            return script.isDynamic || Self.inputs.contains(script.bytes)
        case .text: return contents.shellTexts.isEmpty
        default: return false
        }
    }

    private static let inputs = Set(["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].map { Array($0.utf8) })

    private static func values(_ attached: ArraySlice<UInt8>, next: CommandWord?) -> [CommandWord] {
        attached.isEmpty ? next.map { [$0] } ?? [] : [CommandWord(Array(attached))]
    }

    private static func joined(_ words: ArraySlice<CommandWord>) -> CommandWord {
        CommandWord(
            Array(words.map(\.bytes).joined(separator: [UInt8(ascii: " ")])),
            isDynamic: words.contains(where: \.isDynamic))
    }

    private static func definition(_ word: CommandWord) -> CommandWord {
        CommandWord(Array(word.bytes.drop { $0 != UInt8(ascii: "=") }.dropFirst()), isDynamic: word.isDynamic)
    }
}
