internal import Foundation

/// Measures, bit by bit, the files that a process and its descendants hold open and that have no name any more: on disk
/// they are as large as others, and no walk through the tree meets them.
struct NamelessFiles {
    private(set) var bytes: Int64 = 0
    private(set) var isDone = false

    private let device: UInt64
    private var processes: ArraySlice<Int32>
    private var process: Int32 = 0
    private var descriptors: ArraySlice<String> = []
    private var counted: Set<FileIdentity> = []

    /// - Parameters:
    ///   - root: the process at the top.
    ///   - path: where on the file system in question the processes may write.
    init(root: Int32, fileSystemOf path: String) {
        var status = stat()
        device = stat(path, &status) == 0 ? FileIdentity(status).device : 0
        processes = ProcessTree.processes(root: root)[...]
    }

    /// Looks at so many descriptors more.
    mutating func advance(entries: Int) {
        for _ in 0..<entries {
            if let descriptor = descriptors.popFirst() {
                look("/proc/\(process)/fd/\(descriptor)")
            } else if let next = processes.popFirst() {
                process = next
                descriptors = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(next)/fd")) ?? [])[...]
            } else {
                isDone = true
                return
            }
        }
    }

    private mutating func look(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_nlink == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        let identity = FileIdentity(status)
        guard identity.device == device, counted.insert(identity).inserted else { return }
        bytes += status.allocated
    }
}
