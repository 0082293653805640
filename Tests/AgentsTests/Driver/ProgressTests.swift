import TaskModel
import Agents
import Testing

@Suite("The progress of an agent")
struct ProgressTests {
    @Test("follows the plan where there is one")
    func plan() {
        var progress = AgentProgress()
        progress.enter(.working)
        progress.plan([PlanStep(step: "a", status: .completed), PlanStep(step: "b", status: .pending)])
        #expect(progress.report.percent == 50)
        #expect(!progress.report.isEstimated)
    }

    @Test("is guessed from the tools without one, never beyond 90")
    func tools() {
        var progress = AgentProgress()
        progress.enter(.working)
        #expect(progress.report.percent == 10)
        for _ in 0..<20 { progress.toolEnded() }
        #expect(progress.report.percent == 60)
        #expect(progress.report.isEstimated)
        for _ in 0..<10_000 { progress.toolEnded() }
        #expect(progress.report.percent <= 90)
    }

    @Test("never falls, not even when the plan grows")
    func monotone() {
        var progress = AgentProgress()
        progress.enter(.working)
        progress.plan([PlanStep(step: "a", status: .completed)])
        let before = progress.report.percent
        progress.plan((0..<9).map { PlanStep(step: "\($0)", status: .pending) })
        #expect(progress.report.percent == before)
        progress.enter(.starting)
        #expect(progress.report.phase == .working)
    }

    @Test("stands still while a question is open")
    func frozen() {
        var progress = AgentProgress()
        progress.enter(.working)
        progress.hold()
        progress.plan([PlanStep(step: "a", status: .completed)])
        #expect(progress.report.percent == 10)
        progress.release()
        #expect(progress.report.percent == 90)
    }
}
