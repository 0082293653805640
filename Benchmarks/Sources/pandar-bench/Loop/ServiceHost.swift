import Foundation
import TaskEngine
import TaskModel
import TaskRunner
import TaskService

/// A service in this process, as `pandar serve` would run it.
enum ServiceHost {
    /// Calls `body` while a service owns all partitions of the cluster.
    ///
    /// - Parameter makeExecutor: replaces the processes.
    static func with<Value>(
        _ cluster: BenchCluster, _ options: BenchOptions, slots: Int,
        makeExecutor: ((RunnerSettings, any AttemptSink) throws -> any AttemptExecutor)? = nil,
        _ body: (PandarService) throws -> Value
    ) throws -> Value {
        let directory = URL(filePath: options.scratch).appending(path: "pandar-bench-\(UUID().uuidString)").path()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let configuration = ServiceConfiguration(
            instance: "bench", kafka: cluster.settings, groupID: cluster.layout.prefix + "service",
            layout: cluster.layout, guarantee: cluster.guarantee,
            engine: EngineConfiguration(partitionCount: cluster.layout.partitions, runner: "", incarnation: ""),
            slots: slots, drainSeconds: 0, cachePath: directory + "/cache.sqlite", workDirectory: directory + "/work",
            attemptPath: "/usr/local/bin:/usr/bin:/bin", killGraceSeconds: 1)
        let service = try PandarService(configuration, logger: Console.logger, makeExecutor: makeExecutor)
        defer { service.stop() }
        try waitUntilOwner(service)
        return try body(service)
    }

    private static func waitUntilOwner(_ service: PandarService) throws {
        let deadline = Date(timeIntervalSinceNow: 60)
        while service.status.snapshot.activePartitions.count < service.configuration.layout.partitions {
            guard Date() < deadline else { throw BenchError("The service did not get its partitions within 60 s.") }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }
}
