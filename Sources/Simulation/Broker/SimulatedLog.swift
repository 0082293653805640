internal import TaskModel

/// The partitions of all topics, with transactions that readers see only when they are decided.
struct SimulatedLog {
    private var entries: [LogPlace: [LogEntry]] = [:]
    /// The first offset of each open transaction, by its number: readers stop before the smallest.
    private var firstOpen: [LogPlace: [Int: Int]] = [:]

    func end(_ place: LogPlace) -> Int {
        entries[place]?.count ?? 0
    }

    func entry(_ place: LogPlace, _ offset: Int) -> LogEntry? {
        guard let list = entries[place], list.indices.contains(offset) else { return nil }
        return list[offset]
    }

    /// Appends a record, as part of an open transaction when `transaction` is given.
    mutating func append(
        _ payload: Payload, to place: LogPlace, by writer: String, at now: Int64, transaction: Int? = nil
    ) -> Int {
        let offset = end(place)
        let state: LogEntry.State = transaction == nil ? .committed : .open
        entries[place, default: []].append(
            LogEntry(payload: payload, writer: writer, appendedAt: now, state: state))
        if let transaction, firstOpen[place]?[transaction] == nil {
            firstOpen[place, default: [:]][transaction] = offset
        }
        return offset
    }

    /// Decides a transaction.
    mutating func end(
        _ transaction: Int, records: [(place: LogPlace, offset: Int)], commit: Bool, by writer: String, at now: Int64
    ) {
        for record in records {
            entries[record.place]?[record.offset].state = commit ? .committed : .aborted
        }
        for place in Set(records.map(\.place)).sorted() {
            firstOpen[place]?[transaction] = nil
            _ = append(.marker, to: place, by: writer, at: now)
        }
    }

    /// Where a reader of committed records stops.
    func lastStable(_ place: LogPlace) -> Int {
        firstOpen[place]?.values.min() ?? end(place)
    }

    /// Up to `limit` visible records from `offset` on, and where to read on.
    func read(_ place: LogPlace, from offset: Int, limit: Int) -> (
        records: [(offset: Int, payload: Payload)], next: Int
    ) {
        guard let list = entries[place] else { return ([], offset) }
        var records: [(offset: Int, payload: Payload)] = []
        var next = offset
        let stable = lastStable(place)
        while next < stable, records.count < limit {
            let entry = list[next]
            if entry.state == .committed {
                if case .marker = entry.payload {} else { records.append((next, entry.payload)) }
            }
            next += 1
        }
        return (records, next)
    }
}
