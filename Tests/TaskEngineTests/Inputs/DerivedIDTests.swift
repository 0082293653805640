import TaskEngine
import TaskModel
import Testing

@Suite struct DerivedIDTests {
    @Test("a request without an id gets one whose home is the partition it arrived on", arguments: [1, 3, 12, 64])
    func home(partitions: Int32) {
        for partition in 0..<partitions {
            let driver = EngineDriver(partition: partition, .test(partitions: partitions))
            for offset in 0..<Int64(5) {
                let id = driver.engine.derivedID(of: record(partition: partition, offset: offset))
                #expect(driver.engine.home(of: id.text) == partition)
            }
        }
    }

    @Test("read twice, it is the same task; another offset is another task")
    func redelivery() {
        var driver = EngineDriver()
        let first = record(offset: 4)
        let message = InboundMessage.request(request(nil))
        driver.handle(.record(first, .success(message), .here))
        #expect(driver.handle(.record(first, .success(message), .here)).published.isEmpty)
        #expect(driver.handle(.record(record(offset: 5), .success(message), .here)).published.count == 1)
        #expect(driver.engine.taskCount == 2)
    }

    @Test("forwarding does not change the id")
    func forwarded() {
        let configuration = EngineConfiguration.test(partitions: 3)
        let origin = RecordOrigin(topic: "pandar.task-requests", partition: 2, offset: 9)
        let before = EngineDriver(partition: 2, configuration).engine.derivedID(of: record(partition: 2, offset: 9))
        for partition in Int32(0)..<3 {
            let engine = EngineDriver(partition: partition, configuration).engine
            #expect(engine.derivedID(of: record(partition: partition, offset: 77, from: origin)) == before)
        }
    }

    @Test("an origin that no longer exists still gives an id")
    func goneOrigin() {
        let engine = EngineDriver(.test(partitions: 2)).engine
        let origin = RecordOrigin(topic: "t", partition: 40, offset: 1)
        let routed = record(offset: 3, from: origin)
        #expect(engine.derivedID(of: routed) == engine.derivedID(of: routed))
    }
}
