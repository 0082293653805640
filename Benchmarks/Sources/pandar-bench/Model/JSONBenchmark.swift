import Foundation
import TaskModel

/// Reading requests, writing and reading snapshots: what every record costs at least.
struct JSONBenchmark: Benchmark {
    let name = "json"
    let summary = "records through the contract's coding, on one thread"

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let count = 20_000
        let records = (0..<count).map(SampleTasks.record)
        let snapshots = try (0..<count).compactMap(SampleTasks.finished)
        let encoded = snapshots.map(\.json)
        // Foundation's reader and writer do the same work without the contract's checks.
        let requestData = records.map { Data($0.value ?? []) }
        let snapshotData = encoded.map { Data($0) }
        let objects = try snapshotData.map { try JSONSerialization.jsonObject(with: $0) }
        var sink = 0
        let figures = [
            Figure(
                "json_request_decode_rate",
                try Measure.rate(of: count) { for record in records { sink &+= try Self.decode(record) } }, "records/s",
                baseline: try Measure.rate(of: count) { try requestData.forEach(Self.parse) },
                comparison: "JSONSerialization"),
            Figure(
                "json_snapshot_encode_rate",
                Measure.rate(of: count) { for snapshot in snapshots { sink &+= snapshot.json.count } }, "records/s",
                baseline: try Measure.rate(of: count) {
                    for object in objects { sink &+= try JSONSerialization.data(withJSONObject: object).count }
                }, comparison: "JSONSerialization"),
            Figure(
                "json_snapshot_decode_rate",
                try Measure.rate(of: count) {
                    for bytes in encoded { sink &+= Int(try TaskSnapshot(json: bytes).state.version) }
                }, "records/s", baseline: try Measure.rate(of: count) { try snapshotData.forEach(Self.parse) },
                comparison: "JSONSerialization"),
        ]
        withExtendedLifetime(sink) {}
        return figures
    }

    private static func decode(_ record: InboundRecord) throws -> Int {
        guard case .request(let request) = try InboundMessage.decode(record) else { return 0 }
        return request.name.utf8.count
    }

    private static func parse(_ data: Data) throws {
        _ = try JSONSerialization.jsonObject(with: data)
    }
}
