/// The words that a shell itself understands.
enum ShellWords {
    /// After these a command begins.
    private static let leading: Set<[UInt8]> = Set(
        ["if", "then", "elif", "else", "while", "until", "do", "!", "{", "}", "time", "coproc", "fi", "done", "esac"]
            .map { Array($0.utf8) })
    /// These begin a list of words, not a command.
    private static let lists: Set<[UInt8]> = Set(["for", "select", "case", "in"].map { Array($0.utf8) })

    /// What a shell does itself, and what nobody need allow.
    static let builtins: Set<String> = [
        ":", "[", "[[", "]]", "break", "cd", "continue", "declare", "echo", "exit", "export", "false", "getopts",
        "hash",
        "let", "local", "popd", "printf", "pushd", "pwd", "read", "readonly", "return", "set", "shift", "shopt", "test",
        "true", "type", "typeset", "ulimit", "umask", "unset", "wait", "alias", "trap", "eval", "exec", "command",
        "builtin", "source", ".",
    ]

    /// Takes keywords and assignments from the beginning of a command.
    ///
    /// - Parameter patterns: the places of words that hold a pattern; as a program nobody knows them.
    static func finish(_ command: inout ShellCommand, _ patterns: Set<Int>) {
        var first = 0
        while first < command.words.count, !command.words[first].isDynamic {
            let word = command.words[first].bytes
            if lists.contains(word) {
                command.words = []
                return
            }
            if word == Array("function".utf8) {
                first += 2
            } else if leading.contains(word) {
                first += 1
            } else {
                break
            }
        }
        while first < command.words.count, command.words[first].isAssignment {
            command.assignments.append(command.words[first])
            first += 1
        }
        if first < command.words.count, patterns.contains(first) { command.words[first] = .unknown }
        command.words.removeFirst(min(first, command.words.count))
    }
}
