internal import TaskModel

/// An order, read: what is to be run, for whom, and what the request asks for.
struct AttemptTask: Sendable {
    let order: AttemptOrder
    let request: TaskRequest
    /// The command.
    let words: [String]
    let project: Project
    /// What the request says of the sandbox.
    let demand: SandboxDemand?
    /// `nil` where the command names no agent.
    let agent: AttemptAgent?
    let budget: AttemptBudget

    init(_ order: AttemptOrder, _ settings: RunnerSettings) throws(SpawnError) {
        self.order = order
        do {
            request = try order.spec.request()
            words = try CommandLine(request.command).words
        } catch {
            throw SpawnError(description: "the command cannot be run: \(error)")
        }
        guard let project = settings.projects.project(order.spec.projectID) else {
            throw SpawnError(
                description: "project \(order.spec.projectID) is not known here; name it in the projects' file")
        }
        self.project = project
        do throws(ContractViolation) {
            demand = try request.metadata.sandbox.map { object throws(ContractViolation) in try SandboxDemand(object) }
        } catch {
            throw SpawnError(description: error.message)
        }
        agent = try AttemptAgent(words, proxy: request.metadata.proxyAgent, settings.agents)
        budget = AttemptBudget(order, request.metadata.budget, project, settings.spending)
    }

    /// The talk with the driver of its agent, which has begun.
    func talk(_ launch: AgentLaunch?) -> AgentTalk? {
        guard let launch, let agent else { return nil }
        return AgentTalk(descriptor: launch.reports.own, agent: agent, budget: budget, now: Uptime.now)
    }
}
