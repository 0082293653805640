import TaskModel
import Testing

@testable import pandar

@Suite("The plan of the topics")
struct TopicPlanTests {
    private let wanted = [TopicDefinition(name: "t", partitions: 6, config: ["cleanup.policy": "compact"])]

    @Test("a topic that is missing is to be created")
    func missing() {
        let plan = TopicPlan(wanted: wanted, found: [:])
        #expect(plan.missing == wanted)
        #expect(plan.lines == ["missing  t  partitions=6 cleanup.policy=compact"])
    }

    @Test("a topic that is right needs nothing, also when the broker does not tell its settings")
    func right() {
        for config in [["cleanup.policy": "compact"], nil] {
            let plan = TopicPlan(wanted: wanted, found: ["t": .init(partitions: 6, config: config)])
            #expect(plan.missing.isEmpty && plan.differences.isEmpty && !plan.hasWrongPartitions)
        }
    }

    @Test("the wrong number of partitions and other settings are told with the remedy")
    func different() {
        let plan = TopicPlan(
            wanted: wanted, found: ["t": .init(partitions: 4, config: ["cleanup.policy": "delete"])])
        #expect(plan.hasWrongPartitions)
        #expect(plan.differences.count == 2)
        #expect(plan.differences[0].contains("set kafka.partitions to 4"))
        #expect(plan.differences[1].contains("--add-config cleanup.policy=compact"))
    }
}
