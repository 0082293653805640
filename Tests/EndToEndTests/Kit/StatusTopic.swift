import Kafka
import TaskModel
import TestKit
import Testing

/// What the status topic says of one task.
struct TaskHistory: Sendable {
    struct Step: Sendable, CustomStringConvertible {
        let epoch: Int64
        let version: Int64
        let status: String
        let attempt: Int64

        var description: String { "\(epoch)/\(version) \(status) \(attempt)" }
    }

    /// The latest snapshot.
    var snapshot = JSONObject()
    var record: KafkaRecord?
    /// Those that were greater than what stood before, by (epoch, version).
    var steps: [Step] = []
    /// Records that were not greater.
    var stale = 0

    var status: String { steps.last?.status ?? "" }
    var attempt: Int64 { steps.last?.attempt ?? 0 }
    var hasEnded: Bool { Self.terminal.contains(status) }
    var attempts: [JSONObject] { (snapshot["attempts"]?.arrayValue ?? []).compactMap(\.objectValue) }
    /// The questions that ended, and how.
    var confirmations: [JSONObject] { (snapshot["confirmations"]?.arrayValue ?? []).compactMap(\.objectValue) }

    static let terminal: Set<String> = ["completed", "failed", "cancelled"]

    /// What is wrong with the history, if anything: versions with gaps, or more than one end.
    var problem: String? {
        guard steps.map(\.version) == Array(1...Int64(max(1, steps.count))) else {
            return "versions are not consecutive: \(steps)"
        }
        guard steps.filter({ Self.terminal.contains($0.status) }).count <= 1 else { return "two ends: \(steps)" }
        return nil
    }
}

/// The fold of the status topic by (epoch, version), as any reader of it would do it.
struct StatusTopic: Fold {
    var tasks: [String: TaskHistory] = [:]
    /// The epochs of the ownership records, by partition.
    var epochs: [Int32: [Int64]] = [:]
    /// Records that told something new of a task.
    var steps = 0

    mutating func take(_ record: KafkaRecord) {
        guard let value = record.value else { return }
        guard let object = try? JSONParser.parse(value).objectValue else {
            Issue.record("no status record can be read at \(record.partition)/\(record.offset)")
            return
        }
        let epoch = object["epoch"]?.integerValue ?? 0
        guard let id = object["task_id"]?.stringValue else {
            epochs[record.partition, default: []].append(epoch)
            return
        }
        let version = object["version"]?.integerValue ?? 0
        var history = tasks[id] ?? TaskHistory()
        defer { tasks[id] = history }
        if let last = history.steps.last, (epoch, version) <= (last.epoch, last.version) {
            history.stale += 1
            return
        }
        steps += 1
        history.snapshot = object
        history.record = record
        history.steps.append(
            .init(
                epoch: epoch, version: version, status: object["status"]?.stringValue ?? "",
                attempt: object["attempt"]?.integerValue ?? 0))
    }

    /// How many of `ids` have ended.
    func ended(_ ids: [String]) -> Int {
        ids.count { tasks[$0]?.hasEnded == true }
    }

    func count(_ status: String, of ids: [String]) -> Int {
        ids.count { tasks[$0]?.status == status }
    }
}

extension Follower<StatusTopic> {
    func task(_ id: String) -> TaskHistory { state.read { $0.tasks[id] ?? TaskHistory() } }

    /// Waits until the task is in that state.
    @discardableResult
    func task(_ id: String, is status: String, seconds: Double = 120) async throws -> TaskHistory {
        do {
            return try await state.until("\(id) is \(status)", seconds: seconds) { state in
                state.tasks[id].flatMap { $0.status == status ? $0 : nil }
            }
        } catch let error as NotInTime {
            let known = task(id)
            throw NotInTime(description: "\(error), but \(known.steps), \(known.snapshot["error"] ?? .null)")
        }
    }

    /// Waits until all have ended.
    @discardableResult
    func ended(_ ids: [String], seconds: Double = 120) async throws -> [TaskHistory] {
        do {
            return try await state.until("\(ids.count) tasks have ended", seconds: seconds) { state in
                state.ended(ids) == ids.count ? ids.map { state.tasks[$0] ?? TaskHistory() } : nil
            }
        } catch let error as NotInTime {
            let open = state.read { state in ids.filter { state.tasks[$0]?.hasEnded != true } }
            let about = open.prefix(5).map { "\($0): \(task($0).steps)" }.joined(separator: "; ")
            throw NotInTime(description: "\(error); open are \(open.count), \(about)")
        }
    }

    /// Waits until `count` of `ids` are in that state.
    func count(_ count: Int, of ids: [String], are status: String, seconds: Double = 120) async throws {
        do {
            try await state.until("\(count) tasks are \(status)", seconds: seconds) { state in
                state.count(status, of: ids) >= count ? true : nil
            }
        } catch let error as NotInTime {
            let states = state.read { state in
                Dictionary(grouping: ids) { state.tasks[$0]?.status ?? "unknown" }.mapValues(\.count)
            }
            throw NotInTime(description: "\(error), but \(states)")
        }
    }
}
