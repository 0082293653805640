internal import TaskModel
internal import TaskRunner

/// Reads what the agents of a project may use.
enum ProjectBudgetReader {
    static func read(_ node: DocumentNode) throws(ConfigurationError) -> (task: TaskBudget, day: TaskBudget) {
        var section = try node.section()
        let task = try section.take("task").map(budget) ?? TaskBudget()
        let day = try section.take("day").map(budget) ?? TaskBudget()
        try section.finish()
        return (task, day)
    }

    private static func budget(_ node: DocumentNode) throws(ConfigurationError) -> TaskBudget {
        var section = try node.section()
        var budget = TaskBudget()
        budget.tokens = try section.take("tokens").map { node throws(ConfigurationError) in
            Int64(try node.integer(1...Int.max))
        }
        if let node = section.take("cost_usd") {
            let amount = JSONObject([.init(name: "cost_usd", value: .decimal(try node.text()))])
            do throws(ContractViolation) {
                budget.costMicros = try TaskBudget(amount).costMicros
            } catch {
                throw node.error("must be an amount of US dollars above 0, such as 2.50")
            }
        }
        try section.finish()
        return budget
    }
}
