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

    /// Opens the file, or makes it. A file that is damaged, of another version or of another cluster is deleted.
    ///
    /// - Parameter clusterID: the cluster whose status topic is folded.
    public init(path: String, clusterID: String?, logger: Logger) throws {
        let existed = FileManager.default.fileExists(atPath: path)
        // SQLite takes an empty file for a new one.
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        let wasEmpty = !existed || (size?.intValue == 0 && !FileManager.default.fileExists(atPath: path + "-wal"))
        do {
            let database = try Self.open(path)
            if let reason = try Self.mismatch(database, clusterID) {
                try database.close()
                throw UnusableCache(reason: reason)
            }
            self.database = database
            opening = wasEmpty ? .created : .opened
        } catch {
            guard existed else { throw error }
            let reason = (error as? UnusableCache)?.reason ?? "it cannot be read (\(error))"
            logger.warning("the cache is rebuilt from the status topic", metadata: ["file": "\(path)", "reason": "\(reason)"])
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            let database = try Self.open(path)
            _ = try Self.mismatch(database, clusterID)
            self.database = database
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

    private static func open(_ path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 6
        let pool = try DatabasePool(path: path, configuration: configuration)
        if try pool.read({ try Schema.migrator.hasBeenSuperseded($0) }) {
            throw UnusableCache(reason: "a newer version of Pandar wrote it")
        }
        try Schema.migrator.migrate(pool)
        // Finds a file that opens and is damaged further in, at the cost of the index pages.
        let check = try pool.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        guard check == "ok" else { throw UnusableCache(reason: "it is damaged: \(check ?? "no answer")") }
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
        try database.close()
    }
}

/// Why a file is made anew.
private struct UnusableCache: Error {
    let reason: String
}
