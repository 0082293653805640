internal import Foundation

/// Which processes belong to the service: those that started it, those that it started, and those of its session.
enum Kinship {
    static func isOfOurs(_ pid: pid_t) -> Bool {
        getsid(pid) == getsid(0) || ancestors(of: getpid()).contains(pid) || ancestors(of: pid).contains(getpid())
    }

    /// The processes above `pid`, itself first.
    private static func ancestors(of pid: pid_t) -> [pid_t] {
        var line = [pid]
        while let last = line.last, last > 1, line.count < 100, let parent: pid_t = field(1, of: last), parent > 0 {
            line.append(parent)
        }
        return line
    }

    /// A number of `/proc/PID/stat`, counted from 0 after the name; `nil` when there is none.
    static func field<Number: LosslessStringConvertible>(_ index: Int, of pid: pid_t) -> Number? {
        guard let text = CgroupFiles.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return index < fields.count ? Number(String(fields[index])) : nil
    }
}
