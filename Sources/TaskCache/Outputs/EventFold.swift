internal import Foundation
internal import GRDB
internal import TaskModel

/// A record of the output or the notifications topic.
public struct CachedEvent: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case output, notification
    }

    public let kind: Kind
    public let partition: Int32
    public let offset: Int64
    public let value: [UInt8]?

    public init(kind: Kind, partition: Int32, offset: Int64, value: [UInt8]?) {
        self.kind = kind
        self.partition = partition
        self.offset = offset
        self.value = value
    }
}

/// Where reading goes on in one of the event topics.
public struct EventPlace: Hashable, Sendable {
    public let kind: CachedEvent.Kind
    public let partition: Int32

    public init(kind: CachedEvent.Kind, partition: Int32) {
        self.kind = kind
        self.partition = partition
    }
}

/// Keeping output and notifications, in one transaction with the position in their topics.
extension TaskCache {
    /// Keeps records. One that is known, or cannot be read, changes nothing.
    public func fold(_ events: [CachedEvent]) throws {
        let outputs = events.compactMap { $0.kind == .output ? $0.value : nil }
        let notifications = events.compactMap { $0.kind == .notification ? $0.value : nil }
        var ends: [EventPlace: Int64] = [:]
        for event in events { ends[EventPlace(kind: event.kind, partition: event.partition)] = event.offset + 1 }
        try database.write { database in
            try Self.keepOutput(outputs, database)
            try Self.keepNotifications(notifications, database)
            let statement = try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO event_positions (kind, partition, next_offset) VALUES (?, ?, ?)")
            for (place, offset) in ends {
                try statement.execute(arguments: [place.kind.rawValue, place.partition, offset])
            }
        }
    }

    /// The next offset to read of each partition of the event topics.
    public func eventPositions() throws -> [EventPlace: Int64] {
        try database.read { database in
            var positions: [EventPlace: Int64] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT kind, partition, next_offset FROM event_positions") {
                guard let kind = CachedEvent.Kind(rawValue: row[0]) else { continue }
                positions[EventPlace(kind: kind, partition: row[1])] = row[2]
            }
            return positions
        }
    }
}
