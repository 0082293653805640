import Foundation

/// The machine's processes, as anybody outside sees them.
enum ProcessTable {
    /// Those whose command line has `mark` in it and that have not ended.
    static func pids(marked mark: String) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { pid in
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return false }
            return String(decoding: data, as: UTF8.self).contains(mark) && HostProcess.isAlive(pid)
        }
    }
}
