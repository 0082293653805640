import CBaselines
import Foundation
import Kafka
import TaskModel
import TaskService

/// The plain loop over librdkafka that moves the same records as the service: for every request, what the service wrote
/// for one.
enum RawMover {
    /// Calls `body` while the loop runs.
    static func with<Value>(
        _ cluster: BenchCluster, outputs: [KafkaRecord], batch: Int = 2000, _ body: () throws -> Value
    ) throws -> Value {
        let memory = Arena()
        let records = memory.array(outputs.map { memory.output($0, topic: cluster.topic(like: $0.topic)) })
        var plan = bench_mover_plan()
        plan.bootstrap = UnsafePointer(memory.string(cluster.settings.bootstrapServers))
        plan.input = UnsafePointer(memory.string(cluster.layout.requests))
        plan.partitions = cluster.layout.partitions
        plan.group = UnsafePointer(memory.string(cluster.layout.prefix + "raw"))
        if cluster.guarantee == .exactlyOnce {
            plan.transactional_id = UnsafePointer(memory.string(cluster.layout.prefix + "raw"))
        }
        plan.batch = Int32(batch)
        plan.outputs = UnsafePointer(records)
        plan.output_count = outputs.count
        var reason = [CChar](repeating: 0, count: 256)
        guard let mover = bench_mover_start(&plan, &reason, reason.count) else {
            throw BenchError("The raw loop does not start: \(Self.text(reason))")
        }
        let result = Result { try body() }
        guard bench_mover_stop(mover, &reason, reason.count) == 0 else {
            throw BenchError("The raw loop ended: \(Self.text(reason))")
        }
        return try withExtendedLifetime(memory) { try result.get() }
    }

    private static func text(_ reason: [CChar]) -> String {
        String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension BenchCluster {
    /// The topic of this cluster that stands for one of another cluster.
    func topic(like other: String) -> String {
        layout.definitions.map(\.name).first { name in
            other.hasSuffix(name.dropFirst(layout.prefix.count))
        } ?? layout.status
    }
}

/// Memory that C keeps pointers into.
private final class Arena {
    private var blocks: [UnsafeMutableRawPointer] = []

    func bytes(_ bytes: [UInt8]) -> UnsafeMutableRawPointer {
        let block = UnsafeMutableRawPointer.allocate(byteCount: bytes.count + 1, alignment: 16)
        bytes.withUnsafeBytes { block.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(block), byteCount: $0.count) }
        block.storeBytes(of: 0, toByteOffset: bytes.count, as: UInt8.self)
        blocks.append(block)
        return block
    }

    func string(_ text: String) -> UnsafeMutablePointer<CChar> {
        bytes(Array(text.utf8)).assumingMemoryBound(to: CChar.self)
    }

    func array<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: max(1, elements.count) * MemoryLayout<Element>.stride, alignment: 16)
        blocks.append(block)
        let start = block.bindMemory(to: Element.self, capacity: elements.count)
        for (index, element) in elements.enumerated() { (start + index).initialize(to: element) }
        return start
    }

    func output(_ record: KafkaRecord, topic: String) -> bench_output {
        let headers = array(
            record.headers.map { header in
                bench_header(
                    name: string(header.name), value: bytes(header.value ?? []), length: header.value?.count ?? 0)
            })
        return bench_output(
            topic: string(topic), value: bytes(record.value ?? []), length: record.value?.count ?? 0,
            headers: headers, header_count: record.headers.count)
    }

    deinit {
        for block in blocks { block.deallocate() }
    }
}
