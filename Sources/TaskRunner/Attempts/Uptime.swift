internal import Foundation
public import TaskModel

/// Monotonic seconds: does not jump when the wall clock is set, so leases are counted with it.
public enum Uptime {
    public static var now: Double {
        ProcessInfo.processInfo.systemUptime
    }
}

extension Timestamp {
    /// The wall clock now.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
