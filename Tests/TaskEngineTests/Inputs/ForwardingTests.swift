import TaskEngine
import TaskModel
import Testing

/// Three partitions. The keys are found, not known: the tests hold for any partitioner.
@Suite struct ForwardingTests {
    private let configuration = EngineConfiguration.test(partitions: 3)

    private func driver(_ partition: Int32) -> EngineDriver { EngineDriver(partition: partition, configuration) }

    private func key(homeIs partition: Int32) throws -> String {
        try #require((0..<1000).lazy.map { "k\($0)" }.first { driver(0).engine.home(of: $0) == partition })
    }

    private func id(homeIs partition: Int32) throws -> TaskID { try #require(TaskID(try key(homeIs: partition))) }

    @Test("a request that arrives elsewhere is forwarded home, once and unread")
    func request() throws {
        var driver = driver(0)
        let arrived = driver.newRecord(.requests)
        let message = InboundMessage.request(TaskEngineTests.request(try id(homeIs: 2)))
        let effects = driver.handle(.record(arrived, .success(message), .unknown))
        #expect(effects.all.count == 1 && effects.forwards.first?.partition == 2)
        #expect(effects.forwards.first?.record == arrived)
        #expect(driver.engine.taskCount == 0)
    }

    @Test("the concurrency key decides the home, not the id")
    func concurrencyKey() throws {
        var driver = driver(0)
        let (here, there) = (try id(homeIs: 0), try id(homeIs: 1))
        let away = driver.submit(TaskEngineTests.request(here, key: try key(homeIs: 1)), .unknown)
        #expect(away.forwards.map(\.partition) == [1])
        #expect(driver.submit(TaskEngineTests.request(there, key: try key(homeIs: 0)), .unknown).published.count == 1)
    }

    @Test("a request that was forwarded home is accepted under the id of its origin")
    func arrival() throws {
        let key = try key(homeIs: 1)
        let message = InboundMessage.request(TaskEngineTests.request(nil, key: key))
        let first = record(partition: 0, offset: 5)
        let origin = RecordOrigin(topic: first.topic, partition: 0, offset: 5)
        var home = driver(1)
        let effects = home.handle(
            .record(record(partition: 1, offset: 8, from: origin), .success(message), .unknown))
        #expect(effects.published.map(\.id) == [driver(0).engine.derivedID(of: first)])
    }

    @Test("what was forwarded to the wrong partition is not sent round but dead-lettered as misrouted")
    func misrouted() throws {
        var driver = driver(0)
        let origin = RecordOrigin(topic: "t", partition: 1, offset: 5)
        let message = InboundMessage.request(TaskEngineTests.request(try id(homeIs: 2)))
        let effects = driver.handle(.record(record(offset: 8, from: origin), .success(message), .unknown))
        #expect(effects.reasons == [.misrouted] && effects.all.count == 1)
    }

    @Test("an action goes to its id's home, or to where the cache knows the task to be")
    func action() throws {
        var driver = driver(0)
        #expect(driver.act(.cancel, try id(homeIs: 2), .unknown).forwards.map(\.partition) == [2])
        #expect(driver.act(.cancel, try id(homeIs: 0), .elsewhere(1)).forwards.map(\.partition) == [1])
        #expect(driver.act(.cancel, try id(homeIs: 2), .elsewhere(1)).forwards.map(\.partition) == [1])
    }

    @Test("an action for a task that is nowhere is dead-lettered where it would live")
    func unknownTask() throws {
        var driver = driver(0)
        #expect(driver.act(.cancel, try id(homeIs: 0), .unknown).reasons == [.unknownTask])
        let decision = ConfirmationDecision(
            confirmationID: "c", taskID: try id(homeIs: 0), verdict: .approve, actor: "bob")
        let record = driver.newRecord(.confirmations)
        #expect(driver.handle(.record(record, .success(.decision(decision)), .unknown)).reasons == [.unknownTask])
    }

    @Test("a forwarded action whose task is not here is dead-lettered, unless the cache has found it meanwhile")
    func forwardedAction() throws {
        let origin = RecordOrigin(topic: "t", partition: 1, offset: 5)
        let message = InboundMessage.action(TaskAction(taskID: try id(homeIs: 2), verb: .cancel))
        let routed = record(offset: 8, from: origin)
        var driver = driver(0)
        #expect(driver.handle(.record(routed, .success(message), .unknown)).reasons == [.unknownTask])
        #expect(driver.handle(.record(routed, .success(message), .elsewhere(1))).forwards.map(\.partition) == [1])
    }

    @Test("the tail must have passed the end only where nothing else is left to ask")
    func settling() throws {
        var driver = driver(0)
        let origin = RecordOrigin(topic: "t", partition: 1, offset: 5)
        func mustSettle(_ id: TaskID, _ record: InboundRecord, _ driver: EngineDriver) -> Bool {
            driver.engine.mustSettle(.action(TaskAction(taskID: id, verb: .cancel)), from: record)
        }
        let (here, there) = (try id(homeIs: 0), try id(homeIs: 1))
        #expect(mustSettle(here, record(offset: 1), driver))
        #expect(!mustSettle(there, record(offset: 1), driver))
        #expect(mustSettle(there, record(offset: 1, from: origin), driver))
        #expect(!driver.engine.mustSettle(.request(TaskEngineTests.request(here)), from: record(offset: 1)))
        driver.submit(TaskEngineTests.request(here))
        #expect(!mustSettle(here, record(offset: 1), driver))
    }
}
