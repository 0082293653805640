internal import Foundation

/// What stands beside a workspace, for those who find it later: a next attempt, or the service after a crash.
struct WorkspaceRecord: Codable, Equatable {
    static let name = "record.json"

    var project: Int64
    var isReusable: Bool
    /// Seconds that it stays once it is kept.
    var keepSeconds: Int
    /// Seconds since 1970 from which on it goes; `nil` while its attempt runs.
    var keepUntil: Double?
    var keptAt: Double?
    /// What it took on disk when it was kept.
    var bytes: Int64?

    /// `nil` when there is none, or none that was written whole.
    init?(in base: String) {
        guard let data = FileManager.default.contents(atPath: base + "/" + Self.name),
            let record = try? JSONDecoder().decode(Self.self, from: data)
        else { return nil }
        self = record
    }

    init(_ project: Project, isReusable: Bool) {
        self.project = project.id
        self.isReusable = isReusable
        keepSeconds = project.keepSeconds
    }

    /// Whole or not at all. What a crash in between leaves has always the same name; Foundation's own atomic writing
    /// would leave a file of any name.
    func write(in base: String) throws {
        let place = base + "/" + Self.name
        let data = Array(try JSONEncoder().encode(self))
        let file = open(place + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw FileError(place) }
        let written = Foundation.write(file, data, data.count)
        guard close(file) == 0, written == data.count else { throw FileError(place) }
        guard rename(place + ".new", place) == 0 else { throw FileError(place) }
    }

    /// Removes what a crash kept from taking its place.
    static func clearAfterCrash(in base: String) {
        unlink(base + "/" + name + ".new")
    }

    func kept(at now: Double, bytes: Int64) -> WorkspaceRecord {
        var record = self
        record.keptAt = now
        record.keepUntil = now + Double(keepSeconds)
        record.bytes = bytes
        return record
    }
}
