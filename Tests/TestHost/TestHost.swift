import Foundation
import Logging

/// A process that tests start: to be killed, or to be counted without other tests in between.
///
///     test-host attempt COMMAND     runs one attempt, passes on what it prints, and waits to be killed
///     test-host attempts N          runs N attempts and prints what is left of them
///     test-host flood               runs a flood of output beside short attempts
///     test-host clients N           makes and drops N brokers with clients and prints what is left of them
@main
struct TestHost {
    static func main() throws {
        let arguments = ProcessInfo.processInfo.arguments.dropFirst()
        let number = Int(arguments.last ?? "") ?? 0
        switch arguments.first {
        case "attempt": try AttemptModes.runOne(arguments.last ?? "")
        case "attempts": try AttemptModes.runMany(number)
        case "flood": try AttemptModes.flood()
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

    init() {
        descriptors = Self.count("/proc/self/fd")
        threads = Self.count("/proc/self/task")
        children = Self.list("/proc/self/task").reduce(0) { sum, thread in
            let children = (try? String(contentsOfFile: "/proc/self/task/\(thread)/children", encoding: .utf8)) ?? ""
            return sum + children.split(separator: " ").count
        }
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        resident = Int(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first ?? "") ?? 0
    }

    private static func list(_ path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }

    private static func count(_ path: String) -> Int { list(path).count }

    /// Waits until nothing is left beyond `before`, but not for ever; then prints what is.
    static func settle(to before: Holdings) -> Holdings {
        var now = Holdings()
        for _ in 0..<500
        where now.descriptors > before.descriptors || now.threads > before.threads || now.children > before.children {
            poll(nil, 0, 20)
            now = Holdings()
        }
        return now
    }

    func printGrowth(since before: Holdings) {
        print(
            "descriptors=\(descriptors - before.descriptors) threads=\(threads - before.threads) "
                + "children=\(children - before.children) resident=\(resident - before.resident)")
    }
}
