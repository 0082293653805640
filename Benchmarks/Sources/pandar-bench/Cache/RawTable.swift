import Foundation
import GRDB
import TaskCache

/// What SQLite itself makes of the records: one table of key and latest value, no index, no search, no counters.
struct RawTable {
    private let pool: DatabasePool

    init(path: String) throws {
        pool = try DatabasePool(path: path)
        try pool.write { database in
            try database.execute(sql: "CREATE TABLE raw (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID")
        }
    }

    /// Writes a batch in one transaction, as the cache does.
    func write(_ records: [CachedRecord]) throws {
        try pool.write { database in
            let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO raw VALUES (?, ?)")
            for record in records {
                try statement.execute(arguments: [
                    String(decoding: record.key ?? [], as: UTF8.self), Data(record.value ?? []),
                ])
            }
        }
    }
}
