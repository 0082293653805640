internal import Foundation
internal import Logging
internal import Synchronization
internal import TaskModel

/// The directory that workspaces stand in. What goes is renamed into the trash at once and removed a little later; what
/// is made stands among the half-made until it is whole. So a crash leaves nothing that could be taken for something else.
final class WorkspaceRoot: Sendable {
    let path: String
    var mirrors: String { path + "/.mirrors" }
    private var trash: String { path + "/.trash" }
    private var making: String { path + "/.making" }
    private let logger: Logger
    private let lock: Int32
    private let counter = Atomic(0)
    /// Whether something may be in the trash that no removal is to come for.
    private let hasDiscarded = Atomic(true)
    private let removals = DispatchQueue(label: "workspace-removals", qos: .utility)

    /// Seconds that a dying predecessor may hold the root.
    static let patience = 10.0

    init(_ path: String, isShared: Bool, logger: Logger) throws(WorkspaceError) {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        self.path = absolute
        self.logger = logger
        do {
            for name in ["", "/.mirrors", "/.trash", "/.making"] {
                try FileManager.default.createDirectory(
                    atPath: absolute + name, withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw WorkspaceError(.unusableRoot, "The directory of workspaces \(absolute) cannot be made: \(error)")
        }
        // Whoever runs tasks may pass through it, not list it.
        chmod(absolute, isShared ? 0o711 : 0o700)
        lock = try Self.takeLock(absolute)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: making)) ?? [] {
            discard(making + "/" + name)
        }
        emptyTrash()
    }

    deinit { close(lock) }

    static func takeLock(_ path: String, patience: Double = patience) throws(WorkspaceError) -> Int32 {
        let descriptor = open(path + "/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw WorkspaceError(.unusableRoot, "\(FileError("The directory of workspaces \(path)"))")
        }
        let end = Uptime.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR, Uptime.now < end else {
                close(descriptor)
                throw WorkspaceError(
                    .unusableRoot,
                    "The directory of workspaces \(path) is in use by another service; give each its own "
                        + "instance.data_dir.")
            }
            poll(nil, 0, 50)
        }
        return descriptor
    }

    /// The directory of an attempt.
    func base(_ ref: AttemptRef) -> String { "\(path)/\(ref.taskID)-\(ref.attempt)" }

    static func name(of base: String) -> String {
        String(base[(base.utf8.lastIndex(of: UInt8(ascii: "/")).map(base.utf8.index(after:)) ?? base.startIndex)...])
    }

    /// The names of the directories of attempts.
    var names: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return all.filter { Self.split($0) != nil }
    }

    /// What a directory's name says: those of attempts end with `-` and a number.
    static func split(_ name: String) -> (task: Substring, attempt: Int)? {
        guard let dash = name.lastIndex(of: "-"), let attempt = Int(name[name.index(after: dash)...]), attempt >= 0
        else { return nil }
        return (name[..<dash], attempt)
    }

    /// A name for something half-made; what is there after a crash is removed.
    func halfMade() -> String { "\(making)/\(unique)" }

    /// Moves something away at once. It is removed by `emptyTrash`. Whether there was something.
    @discardableResult
    func discard(_ path: String) -> Bool {
        if rename(path, "\(trash)/\(unique)") == 0 {
            hasDiscarded.store(true, ordering: .sequentiallyConsistent)
            return true
        }
        if errno != ENOENT { logger.warning("\(FileError(path)): it cannot be moved to the trash") }
        return false
    }

    /// Removes what was discarded, on a thread of its own.
    func emptyTrash() {
        guard hasDiscarded.exchange(false, ordering: .sequentiallyConsistent) else { return }
        let (trash, logger) = (trash, logger)
        removals.async { [weak self] in
            do {
                try TreeRemoval.empty(Directory(path: trash))
            } catch {
                self?.hasDiscarded.store(true, ordering: .sequentiallyConsistent)
                logger.warning("what is left of old workspaces cannot be removed: \(error)")
            }
        }
    }

    /// Waits until the trash has been emptied.
    func finishRemovals() { removals.sync {} }

    private var unique: String {
        "\(getpid()).\(Int(Date().timeIntervalSince1970 * 1000)).\(counter.add(1, ordering: .relaxed).newValue)"
    }
}
