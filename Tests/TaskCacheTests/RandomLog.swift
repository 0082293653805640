import TaskCache
import TaskModel
import TestKit

/// A status topic as owners, former owners and accidents might write it, and what a reader should make of it.
struct RandomLog {
    private(set) var records: [CachedRecord] = []
    /// The current snapshot of each task.
    private(set) var tasks: [TaskID: TaskSnapshot] = [:]
    private var epochs: [Int64]
    private var offsets: [Int64]
    private var generator: SeededGenerator
    private let names: Int
    private let hasGarbage: Bool

    /// - Parameters:
    ///   - accidents: whether there are former owners' records, repetitions, tombstones and garbage too.
    ///   - garbage: whether there may be values that nobody can read. A batch that holds one is read in another way.
    init(
        seed: UInt64, length: Int, partitions: Int = 3, names: Int = 12, accidents: Bool = true, garbage: Bool = true
    ) throws {
        hasGarbage = garbage
        generator = SeededGenerator(seed: seed)
        epochs = Array(repeating: 0, count: partitions)
        offsets = Array(repeating: 0, count: partitions)
        self.names = names
        for _ in 0..<length { try step(accidents) }
    }

    private mutating func step(_ accidents: Bool) throws {
        let number = Int.random(in: 0..<names, using: &generator)
        let partition = number % epochs.count
        switch Int.random(in: 0..<(accidents ? 20 : 14), using: &generator) {
        case 14, 15:
            let epoch = max(0, epochs[partition] + Int64.random(in: -1...1, using: &generator))
            epochs[partition] = max(epochs[partition], epoch)
            append(partition) { Records.owner(epoch: epoch, partition: $0, offset: $1) }
        case 16:
            if let again = records.filter({ $0.partition == partition }).randomElement(using: &generator) {
                append(again)
            }
        case 17:
            tasks[try id(number)] = nil
            append(partition) { Records.tombstone("task-\(number)", partition: $0, offset: $1) }
        case 18 where hasGarbage:
            append(partition) {
                CachedRecord(
                    partition: $0, offset: $1, timestampMs: 0, key: Array("task-\(number)".utf8), value: [0x7B, 0xFF])
            }
        case 19:
            let late = try snapshot(number, epoch: max(0, epochs[partition] - 1), version: 99)
            append(partition) { Records.record(late, partition: $0, offset: $1) }
            take(late, partition)
        default:
            let held = tasks[try id(number)]
            let next = try snapshot(
                number, epoch: max(epochs[partition], held?.state.epoch ?? 0), version: (held?.state.version ?? 0) + 1)
            append(partition) { Records.record(next, partition: $0, offset: $1) }
            take(next, partition)
        }
    }

    private func id(_ number: Int) throws -> TaskID {
        guard let id = TaskID("task-\(number)") else { throw Records.InvalidID() }
        return id
    }

    private mutating func snapshot(_ number: Int, epoch: Int64, version: Int64) throws -> TaskSnapshot {
        var snapshot = try Records.snapshot(
            "task-\(number)", epoch: epoch, version: version,
            status: TaskStatus.allCases.randomElement(using: &generator) ?? .pending, project: Int64(number % 4 + 1),
            priority: TaskPriority.allCases[number % 4], command: "audit number\(number)",
            agent: number % 3 == 0 ? nil : "agent-\(number % 3)",
            created: Records.day.adding(seconds: Int64(number) * 1000))
        // Two of three tasks have an agent that uses something, on days that lie around the stats' oldest.
        guard number % 3 != 1 else { return snapshot }
        for attempt in 1...Int.random(in: 1...3, using: &generator) {
            let days = Int64.random(in: -40...0, using: &generator)
            var record = AttemptRecord(
                attempt: attempt, runner: "r", startedAt: Records.day.adding(seconds: days * 86_400))
            if Bool.random(using: &generator) {
                record.usage = TokenUsage(
                    input: .random(in: 0...1000, using: &generator), output: .random(in: 0...9, using: &generator),
                    costMicros: Bool.random(using: &generator) ? .random(in: 0...5_000_000, using: &generator) : nil)
            }
            record.answers = .random(in: 0...2, using: &generator)
            snapshot.state.attempts.append(record)
        }
        if Bool.random(using: &generator) { snapshot.state.session = AgentSession(agent: "codex", id: "s") }
        snapshot.state.recoveredBy = Bool.random(using: &generator) ? "claude" : nil
        return snapshot
    }

    /// The reader's rule: not of a former owner's epoch, and newer than what is held.
    private mutating func take(_ snapshot: TaskSnapshot, _ partition: Int) {
        guard snapshot.state.epoch >= epochs[partition] else { return }
        if let held = tasks[snapshot.id], !(held.order < snapshot.order) { return }
        tasks[snapshot.id] = snapshot
    }

    private mutating func append(_ partition: Int, _ make: (Int32, Int64) -> CachedRecord) {
        records.append(make(Int32(partition), offsets[partition]))
        offsets[partition] += 1
    }

    /// The same record once more, at the end.
    private mutating func append(_ record: CachedRecord) {
        let partition = Int(record.partition)
        append(partition) {
            CachedRecord(
                partition: $0, offset: $1, timestampMs: record.timestampMs, key: record.key, value: record.value)
        }
        guard let key = record.key.map({ String(decoding: $0, as: UTF8.self) }), let id = TaskID(key) else { return }
        if record.value == nil {
            tasks[id] = nil
        } else if let snapshot = record.value.flatMap({ try? TaskSnapshot(json: $0) }) {
            take(snapshot, partition)
        }
    }
}
