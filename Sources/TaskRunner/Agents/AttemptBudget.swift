internal import TaskModel

/// What an attempt's agents may still use: of its task's budget, and of its project's for the day.
struct AttemptBudget: Sendable {
    private let task: TaskBudget
    private let day: TaskBudget
    private let usedBefore: TokenUsage
    private let project: Project
    private let ref: AttemptRef
    private let spending: (any ProjectSpending)?

    init(_ order: AttemptOrder, _ requested: TaskBudget?, _ project: Project, _ spending: (any ProjectSpending)?) {
        task = project.taskBudget.tightened(by: requested ?? TaskBudget())
        day = project.dayBudget
        usedBefore = order.usedBefore
        self.project = project
        ref = order.ref
        self.spending = spending
    }

    /// Why the attempt may not go on, and what to do about it; `nil`: it may.
    ///
    /// - Parameter usage: of this attempt so far.
    func breach(_ usage: TokenUsage) -> String? {
        if let breach = task.breach(usedBefore + usage, whose: "the task's budget") {
            return "\(breach); submit it again with a larger metadata.budget, or raise budget.task of project "
                + "\(project.id) (projects.file)"
        }
        guard !day.isEmpty else { return nil }
        let others = spending?.today(project: project.id, besides: ref) ?? TokenUsage()
        return day.breach(others + usage, whose: "today's budget of project \(project.id)").map {
            "\($0); it begins anew at midnight UTC, or raise budget.day of the project (projects.file)"
        }
    }
}
