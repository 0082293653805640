internal import Foundation

/// What a tree takes on disk.
public struct DiskUsage: Hashable, Sendable {
    /// Bytes allocated, each file once however many names it has, directories included.
    public var bytes: Int64 = 0
    /// Names beneath the root.
    public var entries = 0
    /// Whether the whole tree was seen: what is moved about meanwhile can be missed.
    public var isComplete = true

    public init() {}

    /// Measures a tree at once. Blocks; for a tree that may be large or hostile take ``DiskMeter``.
    public static func measure(_ path: String) throws -> DiskUsage {
        var scan = try DiskScan(path: path)
        while !scan.isDone { scan.advance(entries: .max) }
        return scan.usage
    }
}

/// Measures a tree bit by bit. Stays on one file system, follows no link, and needs few descriptors for any depth.
struct DiskScan {
    private(set) var usage = DiskUsage()
    private(set) var isDone = false

    private var cursor: TreeCursor
    private var stream: DirectoryStream?
    /// Directories that were seen and not yet entered, for each level.
    private var pending: [[FileName]] = [[]]
    /// Files with several names that were counted.
    private var counted: Set<FileIdentity> = []
    private let device: UInt64

    init(path: String) throws(FileError) {
        let root = try Directory(path: path)
        let status = try root.status()
        device = FileIdentity(status).device
        usage.bytes = status.allocated
        cursor = try TreeCursor(root)
        stream = try root.stream()
    }

    /// Looks at so many entries more.
    mutating func advance(entries: Int) {
        var left = entries
        while left > 0, !isDone {
            left -= 1
            if let stream {
                guard let name = stream.next() else {
                    self.stream = nil
                    continue
                }
                take(name)
            } else if let name = pending[pending.count - 1].popLast() {
                enter(name)
            } else if cursor.depth == 0 {
                isDone = true
            } else {
                let levels = cursor.leave()
                if levels > 1 { usage.isComplete = false }
                pending.removeLast(levels)
            }
        }
    }

    private mutating func take(_ name: UnsafePointer<CChar>) {
        // It may be gone by now.
        guard let status = try? cursor.here.status(name) else { return }
        usage.entries += 1
        guard FileIdentity(status).device == device else { return }
        if status.isDirectory {
            usage.bytes += status.allocated
            pending[pending.count - 1].append(
                FileName(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
        } else if status.st_nlink < 2 || counted.insert(FileIdentity(status)).inserted {
            usage.bytes += status.allocated
        }
    }

    private mutating func enter(_ name: FileName) {
        do {
            try cursor.enter(name)
        } catch {
            if error.code != ENOENT { usage.isComplete = false }
            return
        }
        pending.append([])
        do {
            stream = try cursor.here.stream()
        } catch {
            usage.isComplete = false
        }
    }
}
