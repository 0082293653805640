internal import Foundation
internal import GRDB
public import Logging

/// The local read model: the fold of the status topic in SQLite. Only ever a cache: delete the file at any moment and
/// the next start rebuilds it.
public final class TaskCache: Sendable {
    let database: any DatabaseReader & DatabaseWriter

    /// What was found when the file was opened.
    public enum Opening: Hashable, Sendable {
        case opened
        case created
        /// The file could not be used, for that reason, and was made anew.
        case rebuilt(String)
    }

    public let opening: Opening

    /// Opens the file, or makes it. A file that is damaged, empty, of another version or of another cluster is deleted.
    ///
    /// - Parameter clusterID: the cluster whose status topic is folded.
    /// - Throws: `CacheError` when the file cannot be made, or is there and usable but not now: a file that another
    ///   process holds, for instance, is not deleted under it.
    public init(path: String, clusterID: String?, logger: Logger) throws {
        let existed = FileManager.default.fileExists(atPath: path)
        // SQLite takes an empty file for a new one.
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        let wasEmpty = !existed || (size?.intValue == 0 && !FileManager.default.fileExists(atPath: path + "-wal"))
        do {
            // Only looked at from outside: closing a descriptor of the file would drop the locks that others in this
            // process have on it.
            if existed, let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size < 100 {
                // SQLite would take what has not even a header for a new file.
                throw UnusableCache(reason: "it is empty or cut short")
            }
            let database = try Self.open(path)
            if let reason = try Self.mismatch(database, clusterID) {
                try database.close()
                throw UnusableCache(reason: reason)
            }
            self.database = database
            opening = wasEmpty ? .created : .opened
        } catch {
            guard existed, let reason = Self.reasonToRebuild(error) else { throw CacheError(path, error) }
            logger.warning(
                "the cache is rebuilt from the status topic", metadata: ["file": "\(path)", "reason": "\(reason)"])
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            do {
                let database = try Self.open(path)
                _ = try Self.mismatch(database, clusterID)
                self.database = database
            } catch {
                throw CacheError(path, error)
            }
            opening = .rebuilt(reason)
        }
    }

    /// Opens an existing file for reading only, beside a service that may be writing it.
    public init(reading path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        database = try DatabaseQueue(path: path, configuration: configuration)
        opening = .opened
    }

    /// `nil` for what is not the file's fault.
    private static func reasonToRebuild(_ error: any Error) -> String? {
        if let unusable = error as? UnusableCache { return unusable.reason }
        guard let error = error as? DatabaseError else { return nil }
        let faults: [ResultCode] = [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_IOERR, .SQLITE_CONSTRAINT]
        return faults.contains(error.resultCode) ? "it cannot be read (\(error.message ?? error.description))" : nil
    }

    private static func open(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 6
        let pool = try DatabasePool(path: path, configuration: configuration)
        if try pool.read({ try Schema.migrator.hasBeenSuperseded($0) }) {
            throw UnusableCache(reason: "a newer version of Pandar wrote it")
        }
        // The fold writes all over its indexes: with SQLite's 2 MB of pages it would read and write each of them again
        // and again, and at every 4 MB of its log move them all into the file.
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000")
        }
        try Schema.migrator.migrate(pool)
        // Finds a file that opens and is damaged further in, at the cost of the index pages.
        let check = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard check == "ok" else { throw UnusableCache(reason: "it is damaged: \(check ?? "no answer")") }
        // That check does not look into records; those that the engine needs must be whole.
        let unreadable = try pool.read {
            try String.fetchOne(
                $0, sql: "SELECT task_id FROM tasks WHERE is_active AND NOT json_valid(CAST(snapshot AS TEXT)) LIMIT 1")
        }
        if let unreadable { throw UnusableCache(reason: "it is damaged: the record of task \(unreadable)") }
        return pool
    }

    /// Why the file is not of this cluster; a new file is marked as its own.
    private static func mismatch(_ database: DatabasePool, _ clusterID: String?) throws -> String? {
        guard let clusterID else { return nil }
        return try database.write { database in
            let known = try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name = 'cluster'")
            if let known, known != clusterID { return "it belongs to the cluster \(known), not to \(clusterID)" }
            try database.execute(
                sql: "INSERT OR REPLACE INTO meta (name, value) VALUES ('cluster', ?)", arguments: [clusterID])
            return nil
        }
    }

    /// Closes the file.
    public func close() throws {
        // Otherwise all that was written since the last checkpoint stays in the log beside the file: GRDB closes its
        // readers last, which may not move it. One that only reads cannot, and need not.
        _ = try? database.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        try database.close()
    }
}

/// Why the cache cannot be used.
public struct CacheError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String

    init(description: String) {
        self.description = description
    }

    init(_ path: String, _ error: any Error) {
        let cause = (error as? DatabaseError).map { $0.message ?? $0.description } ?? "\(error)"
        self.init(
            description: "The cache \(path) cannot be opened: \(cause). Its directory must exist, be writable and have "
                + "room, and no other instance may use the file.")
    }
}

/// Why a file is made anew.
private struct UnusableCache: Error {
    let reason: String
}
