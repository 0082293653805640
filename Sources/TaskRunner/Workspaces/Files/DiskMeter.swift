internal import Foundation

/// Watches what a running attempt has on disk. Ask it again and again on a thread that may block for some milliseconds;
/// it decides by itself when it is worth looking, so that looking takes at most about a tenth of the time.
///
/// A file that has no name any more and is still open is not seen: the sandbox's limits of file size and open files
/// bound those.
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
    private let clock: @Sendable () -> Double
    private var left: ArraySlice<String> = []
    private var scan: DiskScan?
    private var sum = DiskUsage()
    private var startedAt: Double = 0

    /// Seconds between looks at the same tree, at least.
    private static let interval = 1.0
    /// Of the time.
    private static let share = 0.1
    /// Seconds of looking without a pause.
    private static let slice = 0.02
    private static let entriesBetweenClocks = 256

    public init(paths: [String], limitBytes: Int64, limitEntries: Int = 1_000_000) {
        self.init(paths: paths, limitBytes: limitBytes, limitEntries: limitEntries, clock: { Uptime.now })
    }

    init(paths: [String], limitBytes: Int64, limitEntries: Int = 1_000_000, clock: @escaping @Sendable () -> Double) {
        self.paths = paths
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
        if scan == nil, left.isEmpty {
            left = paths[...]
            sum = DiskUsage()
            startedAt = now
        }
        var end = now
        while end < now + Self.slice {
            if scan == nil {
                guard let path = left.popFirst() else { break }
                scan = try? DiskScan(path: path)
            }
            scan?.advance(entries: Self.entriesBetweenClocks)
            let current = sum + (scan?.usage ?? DiskUsage())
            if scan?.isDone != false {
                sum = current
                scan = nil
            }
            peakBytes = max(peakBytes, current.bytes)
            if current.bytes > limitBytes || current.entries > limitEntries {
                usage = current
                dueAt = 0
                scan = nil
                left = []
                return
            }
            end = clock()
        }
        let pause = (end - now) / Self.share
        if scan == nil, left.isEmpty {
            usage = sum
            dueAt = max(startedAt + Self.interval, end + pause)
        } else {
            dueAt = end + pause
        }
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
