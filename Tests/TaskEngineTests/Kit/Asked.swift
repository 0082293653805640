import TaskEngine
import TaskModel
import Testing

extension EngineDriver {
    /// A manual task of alice, whose question a new owner finds with other terms than the configuration gives it.
    static func asked(
        terms: (TaskModel.Confirmation, Timestamp) -> TaskModel.Confirmation
    ) throws -> EngineDriver {
        var driver = EngineDriver()
        driver.submit(request("t", by: "alice", policy: .manual))
        var snapshot = try #require(driver.log["t"])
        snapshot.state.confirmation = terms(try #require(snapshot.state.confirmation), driver.now)
        driver.assume(snapshot)
        driver.takeOver()
        return driver
    }
}
