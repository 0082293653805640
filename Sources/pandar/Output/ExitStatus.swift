/// How a command ended. From 64 on as in BSD's `sysexits.h`.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case ok = 0
    case failed = 1
    case cancelled = 3
    case usage = 64
    case badInput = 65
    case notFound = 66
    case unavailable = 69
    case cannotWrite = 73
    case timedOut = 75
    case configuration = 78

    /// What it means.
    var about: String {
        switch self {
        case .ok: "done; with --wait or watch TASK: the task completed"
        case .failed: "the task failed, or a check did"
        case .cancelled: "the task was cancelled"
        case .usage: "the command line is wrong"
        case .badInput: "the input breaks the contract"
        case .notFound: "there is no such task, record or file"
        case .unavailable: "the broker or the service cannot be reached"
        case .cannotWrite: "a file cannot be written"
        case .timedOut: "what was waited for did not come in time"
        case .configuration: "the configuration is wrong"
        }
    }

    /// The table for `--help`.
    static var help: String {
        let lines = allCases.map { status in
            let number = String(status.rawValue)
            return "  " + String(repeating: " ", count: 2 - number.count) + number + "  " + status.about
        }
        return (["Exit codes:"] + lines).joined(separator: "\n")
    }
}
