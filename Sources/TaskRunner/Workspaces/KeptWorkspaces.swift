internal import Foundation
internal import Synchronization

/// Which workspaces stay without an attempt, and for how long.
final class KeptWorkspaces: Sendable {
    private let root: WorkspaceRoot
    private let limit: Int64
    private let clock: @Sendable () -> Double
    /// Workspaces that were kept so far, and at how many of them nothing was left to be collected. Equal: there is nothing
    /// to look for, however many attempts end. What is there at the start counts as one.
    private let count = Atomic(1)
    private let settled = Atomic(0)

    init(_ root: WorkspaceRoot, limit: Int64, clock: @escaping @Sendable () -> Double) {
        self.root = root
        self.limit = limit
        self.clock = clock
    }

    func keep(_ base: String, _ record: WorkspaceRecord) throws {
        defer { count.add(1, ordering: .sequentiallyConsistent) }
        let bytes = try DiskUsage.measure(base).bytes
        try record.kept(at: clock(), bytes: bytes).write(in: base)
    }

    /// After a crash: what a next attempt may go on with is kept from now on; the rest is superfluous.
    func adoptLeftovers() {
        for base in bases {
            WorkspaceRecord.clearAfterCrash(in: base)
            guard let record = WorkspaceRecord(in: base), record.keepUntil == nil, record.isReusable else { continue }
            try? keep(base, record)
        }
    }

    func isCurrent(_ record: WorkspaceRecord) -> Bool {
        guard let until = record.keepUntil else { return false }
        // One that would stay longer than it was meant to has a date of a clock that was wrong.
        return until > clock() && until <= clock() + Double(record.keepSeconds)
    }

    /// The directories that are to go.
    func superfluous(isActive: (String) -> Bool) -> [String] {
        let known = count.load(ordering: .sequentiallyConsistent)
        guard settled.load(ordering: .relaxed) != known else { return [] }
        var going: [String] = []
        var staying: [(base: String, record: WorkspaceRecord)] = []
        for base in bases where !isActive(base) {
            if let record = WorkspaceRecord(in: base), isCurrent(record) {
                staying.append((base, record))
            } else {
                going.append(base)
            }
        }
        var sum = staying.reduce(Int64(0)) { $0 + max($1.record.bytes ?? 0, 0) }
        for (base, record) in staying.sorted(by: { ($0.record.keptAt ?? 0) < ($1.record.keptAt ?? 0) }) {
            guard sum > limit else { break }
            sum -= max(record.bytes ?? 0, 0)
            going.append(base)
        }
        if staying.isEmpty, going.isEmpty { settled.store(known, ordering: .relaxed) }
        return going
    }

    private var bases: [String] { root.names.map { root.path + "/" + $0 } }
}
