internal import Foundation
internal import GRDB

extension TaskCache {
    /// Forgets everything: the log that was folded is not the one that is there now.
    public func startAfresh() throws {
        try database.write { database in
            let tables = [
                "partitions", "covered", "tasks", "stats", "usage", "usage_sums", "output", "notifications",
                "event_positions",
            ]
            for table in tables {
                try database.execute(sql: "DELETE FROM \(table)")
            }
            try database.execute(sql: "INSERT INTO search (search) VALUES ('delete-all')")
        }
    }
}
