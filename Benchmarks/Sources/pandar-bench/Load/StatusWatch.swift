import CBaselines
import Kafka
import TaskModel

/// Reads the status topic as any other program would, and tells of tasks that reached a status.
final class StatusWatch {
    private let reader: TopicReader

    /// - Parameters:
    ///   - status: told of records whose `status` is this.
    ///   - handler: called on the reader's thread with what one read brought.
    init(_ cluster: BenchCluster, status: String = "completed", _ handler: @escaping @Sendable ([KafkaRecord]) -> Void)
        throws
    {
        let pattern = Array("\"status\":\"\(status)\"".utf8)
        let start = cluster.places(cluster.layout.status).map { ($0, StartOffset.beginning) }
        reader = try TopicReader(cluster.settings, start: Dictionary(start) { $1 }, logger: Console.logger) { event in
            guard case .records(let records) = event else { return }
            let matching = records.filter { $0.value.map { Self.contains($0, pattern) } ?? false }
            if !matching.isEmpty { handler(matching) }
        }
    }

    func close() {
        reader.close()
    }

    /// A look at the bytes costs a tenth of reading the JSON, and what measures must not be what is measured.
    private static func contains(_ bytes: [UInt8], _ pattern: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            pattern.withUnsafeBytes { pattern in
                bench_contains(bytes.baseAddress, bytes.count, pattern.baseAddress, pattern.count) != 0
            }
        }
    }
}
