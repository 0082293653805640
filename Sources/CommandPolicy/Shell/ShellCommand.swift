/// One simple command in the text of a shell.
struct ShellCommand {
    var words: [CommandWord] = []
    /// `NAME=VALUE` before the program.
    var assignments: [CommandWord] = []
    /// Files that it is redirected to or from.
    var redirections: [CommandWord] = []
    /// What it gets as input: here-documents and here-strings.
    var inputs: [CommandWord] = []
    /// Whether its input is another command's output; `source` then is that command's place in the list.
    var source: Int?
}

/// What a text for a shell would run.
struct ShellText {
    var commands: [ShellCommand] = []
    /// Texts whose output a shell would put in: they are run too.
    var substitutions: [[UInt8]] = []
    /// Whether all of it could be read.
    var isComplete = true
    /// Whether it uses its parameters (`$@`, `$1`), so that the words after it may be run.
    var usesParameters = false
}
