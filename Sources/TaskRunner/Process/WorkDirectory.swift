internal import Foundation
internal import TaskModel

/// Where attempts get directories of their own. All that is in it belongs to this service.
final class WorkDirectory: Sendable {
    /// Absolute: it becomes the `HOME` of attempts, which stand elsewhere than the service.
    private let path: String
    /// Directories can hold whole checkouts: they are removed beside the thread that runs attempts.
    private let cleanup = DispatchQueue(label: "attempt-directories")

    /// Makes it, and removes what an earlier incarnation left: its attempts have died with it.
    init(_ path: String) throws {
        self.path = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
        try FileManager.default.createDirectory(atPath: self.path, withIntermediateDirectories: true)
        setAside(try FileManager.default.contentsOfDirectory(atPath: self.path))
    }

    /// An empty directory for an attempt.
    func make(_ ref: AttemptRef) throws(SpawnError) -> String {
        let name = "\(ref.taskID)-\(ref.attempt)"
        let directory = "\(path)/\(name)"
        if mkdir(directory, 0o700) == 0 { return directory }
        if errno == EEXIST {
            setAside([name])
            if mkdir(directory, 0o700) == 0 { return directory }
        }
        throw SpawnError(description: "no working directory \(directory): \(String(cString: strerror(errno)))")
    }

    /// An empty directory goes at once; a full one a little later.
    func remove(_ directory: String) {
        guard rmdir(directory) != 0, errno == ENOTEMPTY || errno == EEXIST else { return }
        cleanup.async { try? FileManager.default.removeItem(atPath: directory) }
    }

    /// Moves entries out of the way at once and removes them a little later.
    private func setAside(_ names: [String]) {
        guard !names.isEmpty else { return }
        let aside = "\(path)/.left-\(UUID().uuidString)"
        guard mkdir(aside, 0o700) == 0 else { return }
        for name in names { rename("\(path)/\(name)", "\(aside)/\(name)") }
        cleanup.async { try? FileManager.default.removeItem(atPath: aside) }
    }
}
