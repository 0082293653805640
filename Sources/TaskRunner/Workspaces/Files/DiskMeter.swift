internal import Foundation

/// Watches what a running attempt has on disk. Ask it again and again on a thread that may block for some milliseconds;
/// it decides by itself when it is worth looking, so that looking takes at most about a tenth of the time.
///
/// A file that has no name any more counts while a process has it open. Not seen is one that is only mapped, or that lies
/// in a socket's queue as a descriptor.
public struct DiskMeter {
    /// The limit in bytes; what passes it is told at once, without looking at the rest.
    public let limitBytes: Int64
    /// The limit in names, for empty files take none of the bytes but of the file system's stock.
    public let limitEntries: Int

    /// Of the last time that all was looked at, or so far when that says more.
    public private(set) var usage = DiskUsage()
    /// The most that was seen.
    public private(set) var peakBytes: Int64 = 0
    /// When it is worth asking again, in seconds of ``Uptime``.
    public private(set) var dueAt: Double = 0

    private let paths: [String]
    /// Whose open files count too.
    private let process: Int32?
    private let clock: @Sendable () -> Double
    private var left: ArraySlice<String> = []
    private var scan: DiskScan?
    private var nameless: NamelessFiles?
    private var sum = DiskUsage()
    private var startedAt: Double = 0

    /// Seconds between looks at the same tree, at least.
    private static let interval = 1.0
    /// Of the time.
    private static let share = 0.1
    /// Seconds of looking without a pause.
    private static let slice = 0.02
    private static let entriesBetweenClocks = 256

    /// - Parameter process: whose open files count too, and those of its descendants.
    public init(paths: [String], process: Int32? = nil, limitBytes: Int64, limitEntries: Int = 1_000_000) {
        self.init(
            paths: paths, process: process, limitBytes: limitBytes, limitEntries: limitEntries, clock: { Uptime.now })
    }

    init(
        paths: [String], process: Int32? = nil, limitBytes: Int64, limitEntries: Int = 1_000_000,
        clock: @escaping @Sendable () -> Double
    ) {
        self.paths = paths
        self.process = process
        self.clock = clock
        self.limitBytes = limitBytes
        self.limitEntries = limitEntries
    }

    /// Whether the limit is passed. Looks on when that is due; blocks for about 20 ms at most.
    public mutating func isExceeded() -> Bool {
        let now = clock()
        if now >= dueAt { look(now) }
        return usage.bytes > limitBytes || usage.entries > limitEntries
    }

    private mutating func look(_ now: Double) {
        if isAtStart {
            left = paths[...]
            sum = DiskUsage()
            startedAt = now
            if let process, let path = paths.first { nameless = NamelessFiles(root: process, fileSystemOf: path) }
        }
        var end = now
        while end < now + Self.slice, !isAtStart {
            let current = advance()
            peakBytes = max(peakBytes, current.bytes)
            if current.bytes > limitBytes || current.entries > limitEntries {
                usage = current
                dueAt = 0
                scan = nil
                nameless = nil
                left = []
                return
            }
            end = clock()
        }
        let pause = (end - now) / Self.share
        if isAtStart {
            usage = sum
            dueAt = max(startedAt + Self.interval, end + pause)
        } else {
            dueAt = end + pause
        }
    }

    private var isAtStart: Bool { scan == nil && nameless == nil && left.isEmpty }

    /// Looks at some more, of the tree first. What was seen so far.
    private mutating func advance() -> DiskUsage {
        if scan == nil, let path = left.popFirst() { scan = try? DiskScan(path: path) }
        if var scan = self.scan {
            scan.advance(entries: Self.entriesBetweenClocks)
            self.scan = scan.isDone ? nil : scan
            if scan.isDone { sum = sum + scan.usage } else { return sum + scan.usage }
        } else if left.isEmpty, var files = nameless {
            files.advance(entries: Self.entriesBetweenClocks)
            nameless = files.isDone ? nil : files
            var current = sum
            current.bytes += files.bytes
            if files.isDone { sum = current }
            return current
        }
        return sum
    }
}

extension DiskUsage {
    static func + (left: DiskUsage, right: DiskUsage) -> DiskUsage {
        var sum = left
        sum.bytes += right.bytes
        sum.entries += right.entries
        sum.isComplete = left.isComplete && right.isComplete
        return sum
    }
}
