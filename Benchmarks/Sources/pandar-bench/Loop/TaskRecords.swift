import Foundation
import Kafka
import Synchronization
import TaskModel

/// What a service writes for one task.
enum TaskRecords {
    /// Sends one request through the service and returns the records that it caused, in the order of the topics.
    static func capture(_ cluster: BenchCluster, _ request: TaskRequestRecord) throws -> [KafkaRecord] {
        let found = Mutex<[KafkaRecord]>([])
        let isComplete = Progress(window: 1)
        let layout = cluster.layout
        let places = cluster.places(layout.status, layout.notifications, layout.progress, layout.output)
        let start = Dictionary(places.map { ($0, StartOffset.beginning) }) { $1 }
        let reader = try TopicReader(cluster.settings, start: start, logger: Console.logger) { event in
            guard case .records(let records) = event else { return }
            let own = records.filter { $0.key == Array(request.id.utf8) }
            found.withLock { $0 += own }
            isComplete.done(own.count)
        }
        defer { reader.close() }
        let feed = try Feed(cluster) { _ in request }
        feed.flood(Progress(window: 1), limit: 1)
        try feed.finish()
        try isComplete.wait(for: 3)
        // Whatever else belongs to it has been written by then or at the same time.
        Thread.sleep(forTimeInterval: 1)
        return found.withLock { $0.sorted { ($0.topic, $0.offset) < ($1.topic, $1.offset) } }
    }
}
