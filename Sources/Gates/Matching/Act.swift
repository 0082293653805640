internal import CommandPolicy

/// One thing that would be done: a program with its words, and, where it is a push, what that changes.
struct Act {
    typealias Word = UnwrappedCommand.Word

    /// The program first.
    var words: [Word]
    /// Its names; empty where only a shell knows the program, which may then be any.
    var programNames: [String]
    var push: Push?

    init(_ words: [Word], push: Push? = nil) {
        self.words = words
        self.push = push
        programNames = UnwrappedCommand(words: words).programNames
    }

    /// The words as they are shown.
    var argv: [String] { words.map { $0.isKnown ? $0.text : "…" } }
}

/// All that a question would do.
struct Acts {
    var acts: [Act] = []
    /// Whether everything could be read.
    var isComplete = true
}
