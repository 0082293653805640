import TaskModel
import Testing

@testable import TaskEngine

@Suite struct AlertWindowsTests {
    @Test("the first of a minute is told at once, the rest with the next alert")
    func window() {
        var windows = AlertWindows()
        let minute = Timestamp(milliseconds: 600_000)
        #expect(windows.note("a", now: minute) == .init(window: 10, count: 1))
        for _ in 0..<5000 { #expect(windows.note("a", now: minute.adding(seconds: 59)) == nil) }
        #expect(windows.note("a", now: minute.adding(seconds: 60)) == .init(window: 11, count: 5001))
        #expect(windows.note("a", now: minute.adding(seconds: 600)) == .init(window: 20, count: 1))
    }

    @Test("each code has its own minute")
    func codes() {
        var windows = AlertWindows()
        #expect(windows.note("a", now: .start) != nil)
        #expect(windows.note("b", now: .start)?.count == 1)
        #expect(windows.note("a", now: .start) == nil)
    }

    @Test("a clock that goes back tells no minute twice, and what it counted is not forgotten")
    func clock() {
        var windows = AlertWindows()
        _ = windows.note("a", now: Timestamp(milliseconds: 600_000))
        #expect(windows.note("a", now: Timestamp(milliseconds: 500_000)) == nil)
        #expect(windows.note("a", now: Timestamp(milliseconds: 660_000))?.count == 2)
    }
}

@Suite struct AlertTests {
    private static func broken(_ offset: Int64) -> Input {
        .record(
            record(offset: offset), .failure(ContractViolation(.invalidJSON, "no JSON")),
            .here)
    }

    @Test("a flood of dead letters is one alert a minute, and every letter is kept")
    func flood() {
        var engine = PartitionEngine(partition: 3, epoch: 1, configuration: .test(partitions: 4))
        var alerts: [Notification] = []
        var letters = 0
        for offset in Int64(0)..<1000 {
            // 100 ms apart: 1000 of them are 100 s.
            let effects = Effects(
                engine.handle(Self.broken(offset), now: Timestamp.start.adding(milliseconds: 100 * offset)))
            alerts += effects.alerts
            letters += effects.deadLetters.count
        }
        #expect(letters == 1000)
        #expect(alerts.map(\.id) == (30_000_000..<30_000_002).map { "system_alert/invalid_json/3/\($0)" })
        #expect(alerts.allSatisfy { $0.kind == .systemAlert && $0.taskID == nil && $0.projectID == nil })
        #expect(alerts.first?.content.hasSuffix("invalid_json: no JSON") == true)
        #expect(alerts.last?.content.contains("With it 600 since the last alert") == true)
        // Who restarts in the same minute tells it by the same id.
        var other = PartitionEngine(partition: 3, epoch: 2, configuration: .test(partitions: 4))
        #expect(Effects(other.handle(Self.broken(0), now: .start)).alerts.map(\.id) == [alerts[0].id])
    }

    @Test("lost attempts are told, also those that a new owner finds")
    func lost() throws {
        var driver = EngineDriver()
        driver.submit(request("t"))
        driver.slots()
        let snapshot = try #require(driver.log["t"])
        #expect(snapshot.state.status == .running)
        var next = PartitionEngine(partition: 0, epoch: 9, configuration: .test(incarnation: "2"))
        let alert = Effects(next.restore([snapshot], running: [], ended: [], now: .start)).alerts.first
        #expect(alert?.id == "system_alert/attempt_lost/0/30000000")
        #expect(alert?.content.hasPrefix("Attempt 1 of the task t was lost") == true)
    }

    @Test("an attempt for which no sandbox could be made is told, to the channels of alerts")
    func sandbox() throws {
        var driver = EngineDriver { $0.alertChannels = ["slack://#ops"] }
        driver.submit(request("t"))
        driver.slots()
        var report = RunnerReport.about(try #require(driver.log["t"]), outcome: .failed, at: driver.now)
        #expect(driver.handle(.report(report)).alerts.isEmpty)
        driver.act(.retry, "t")
        driver.slots()
        report = RunnerReport.about(try #require(driver.log["t"]), outcome: .failed, at: driver.now)
        report.lacksSandbox = true
        let alert = driver.handle(.report(report)).alerts.first
        #expect(alert?.id.hasPrefix("system_alert/sandbox_unavailable/0/") == true)
        #expect(alert?.channels == ["slack://#ops"])
    }
}
