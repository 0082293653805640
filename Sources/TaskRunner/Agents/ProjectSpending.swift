public import TaskModel

/// What the log tells of a project's use of models.
///
/// Asked with every account of tokens, from the threads that run attempts: it must answer from memory and not block.
public protocol ProjectSpending: Sendable {
    /// What all attempts of the project have used since midnight (UTC), but for one, which counts for itself.
    func today(project: Int64, besides attempt: AttemptRef) -> TokenUsage
}
