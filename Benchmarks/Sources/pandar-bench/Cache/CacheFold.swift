import TaskCache

/// The cache and, beside it, the plain table: both take the same batches.
struct CacheFold {
    let cache: TaskCache
    let raw: RawTable

    /// Records a second of both. Each batch goes to one and then to the other, so that what else the machine does
    /// falls on both.
    func rates(_ batches: [[CachedRecord]]) throws -> Rates {
        var rates = Rates()
        for batch in batches {
            var applied = 0
            rates.seconds += try Measure.seconds { applied = try cache.fold(batch).applied.count }
            guard applied == batch.count else {
                throw BenchError("The cache took \(applied) of \(batch.count) records.")
            }
            rates.rawSeconds += try Measure.seconds { try raw.write(batch) }
            rates.count += batch.count
        }
        return rates
    }

    struct Rates {
        var count = 0
        var seconds = 0.0
        var rawSeconds = 0.0

        static func += (left: inout Rates, right: Rates) {
            left.count += right.count
            left.seconds += right.seconds
            left.rawSeconds += right.rawSeconds
        }

        func figure(_ name: String) -> Figure {
            Figure(
                name, Double(count) / seconds, "records/s", baseline: Double(count) / rawSeconds,
                comparison: "one SQLite table of key and value")
        }
    }
}
