import Foundation
import Logging

/// A process that tests start: to be killed, or to be counted without other tests in between.
///
///     test-host attempt COMMAND     runs one attempt, passes on what it prints, and waits to be killed
///     test-host attempts N          runs N attempts and prints what is left of them
///     test-host sandboxed attempt COMMAND, sandboxed attempts N: the same in sandboxes
///     test-host flood               runs a flood of output beside short attempts
///     test-host workspaces R D G    makes and removes workspaces in R of a directory and a repository, until it is killed
///     test-host hostile R O         fills a workspace in R with a hostile tree and prints what its removal leaves
///     test-host clients N           makes and drops N brokers with clients and prints what is left of them
@main
struct TestHost {
    static func main() throws {
        var arguments = ProcessInfo.processInfo.arguments.dropFirst()
        let isSandboxed = arguments.first == "sandboxed"
        if isSandboxed { arguments = arguments.dropFirst() }
        let number = Int(arguments.last ?? "") ?? 0
        switch arguments.first {
        case "attempt": try AttemptModes.runOne(arguments.last ?? "", isSandboxed: isSandboxed)
        case "attempts": try AttemptModes.runMany(number, isSandboxed: isSandboxed)
        case "flood": try AttemptModes.flood()
        case "workspaces" where arguments.count == 4:
            let paths = Array(arguments.dropFirst())
            try WorkspaceModes.churn(root: paths[0], directory: paths[1], repository: paths[2])
        case "hostile" where arguments.count == 3:
            let paths = Array(arguments.dropFirst())
            try WorkspaceModes.hostile(root: paths[0], outside: paths[1])
        case "clients": try ClientModes.churn(number)
        default: throw UnknownMode()
        }
    }

    struct UnknownMode: Error {}
    struct Failed: Error {}

    static let logger = Logger(label: "test-host", factory: { _ in SwiftLogNoOpLogHandler() })
}

/// What the process has of the system.
struct Holdings {
    let descriptors: Int
    let threads: Int
    let children: Int
    /// Resident memory in KiB.
    let resident: Int
    /// Mounts that a sandbox could have left: in the process's own directory, or where bubblewrap builds its root. Other
    /// tests may mount something meanwhile.
    let mounts: Int
    /// Cgroups of attempts.
    let cgroups: Int

    init() {
        descriptors = Self.count("/proc/self/fd")
        threads = Self.count("/proc/self/task")
        children = Self.list("/proc/self/task").reduce(0) { sum, thread in
            let children = (try? String(contentsOfFile: "/proc/self/task/\(thread)/children", encoding: .utf8)) ?? ""
            return sum + children.split(separator: " ").count
        }
        let directory = FileManager.default.currentDirectoryPath
        mounts = ((try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? "").split(separator: "\n")
            .count { line in [directory, "/newroot", "/oldroot"].contains { line.contains($0) } }
        cgroups = Self.countCgroups()
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        resident = Int(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first ?? "") ?? 0
    }

    /// The service's tree of cgroups is `pandar-PID-…`, wherever each hierarchy has it.
    private static func countCgroups() -> Int {
        let own = "pandar-\(getpid())-"
        let mounts = (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? ""
        let membership = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        let places = mounts.split(separator: "\n").filter { $0.contains(" - cgroup") }
            .compactMap { $0.split(separator: " ").dropFirst(4).first }
        let paths = Set(membership.split(separator: "\n").compactMap { $0.split(separator: ":").last }).union(["/"])
        return places.reduce(0) { sum, place in
            paths.reduce(sum) { sum, path in
                let directory = "\(place)\(path)"
                return list(directory).filter { $0.hasPrefix(own) }.reduce(sum) { sum, tree in
                    sum + list("\(directory)/\(tree)").count { isDirectory("\(directory)/\(tree)/\($0)") }
                }
            }
        }
    }

    /// Processes of the machine with `mark` in their command line.
    static func processes(marked mark: String) -> Int {
        list("/proc").count { name in
            guard Int32(name) != nil, Int32(name) != getpid(),
                let data = FileManager.default.contents(atPath: "/proc/\(name)/cmdline")
            else { return false }
            return String(decoding: data, as: UTF8.self).contains(mark)
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func list(_ path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    private static func count(_ path: String) -> Int { list(path).count }

    /// Waits until nothing is left beyond `before`, but not for ever; then prints what is.
    static func settle(to before: Holdings) -> Holdings {
        var now = Holdings()
        for _ in 0..<500
        where now.descriptors > before.descriptors || now.threads > before.threads || now.children > before.children
            || now.cgroups > before.cgroups
        {
            poll(nil, 0, 20)
            now = Holdings()
        }
        return now
    }

    func printGrowth(since before: Holdings) {
        print(
            "descriptors=\(descriptors - before.descriptors) threads=\(threads - before.threads) "
                + "children=\(children - before.children) resident=\(resident - before.resident) "
                + "mounts=\(mounts - before.mounts) cgroups=\(cgroups)")
    }
}
