import ArgumentParser
import Foundation
import Kafka
import TaskModel
import TaskService

/// A service in a process of its own whose memory is told: when it owns its partitions, and again when it is asked.
struct MemoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "memory", shouldDisplay: false)

    @Option var partitions: Int32
    @Option var prefix: String
    @Option var slots: Int
    @OptionGroup var options: BenchOptions

    func run() throws {
        guard let bootstrap = options.bootstrap else { throw ValidationError("--bootstrap is missing.") }
        let cluster = BenchCluster(
            joining: bootstrap, TopicLayout(prefix: prefix, partitions: partitions), options.guarantee)
        try ServiceHost.with(
            cluster, options, slots: slots, makeExecutor: { NoopExecutor(.stay, $0, $1) }
        ) { service in
            Self.tell(service)
            while readLine() != nil { Self.tell(service) }
        }
    }

    /// Resident bytes, and the tasks that the engines hold.
    private static func tell(_ service: PandarService) {
        let status = service.status.snapshot
        let tasks = status.running + status.queueDepth.values.reduce(0, +)
        Console.say("\(ResidentMemory.bytes() ?? 0) \(tasks)")
    }
}
