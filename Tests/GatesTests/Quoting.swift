import TaskModel

/// The words as a shell takes them.
func quoted(_ words: [String]) -> String { CommandLine.quoted(words) }
