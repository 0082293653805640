internal import Foundation

/// How a program ended, as far as is known.
struct ProgramExit {
    /// Why there was no program.
    enum Failure: Equatable {
        /// `pandar-init` could not start it.
        case start(stage: String, code: Int32)
        /// The sandbox ended before init could say anything.
        case sandbox

        /// Whether it is the sandbox that is at fault, and not the program.
        var isSandbox: Bool {
            switch self {
            case .start("exec", _): false
            case .start, .sandbox: true
            }
        }

        /// - Parameter lastWords: what was printed.
        func sentence(lastWords: String) -> String {
            switch self {
            case .start("exec", ENOENT):
                "the program was not found in the sandbox; install it where PATH of attempts (runner.path) has it"
            case .start("exec", let code):
                "the program could not be started in the sandbox: \(String(cString: strerror(code)))"
            case .start(let stage, let code):
                "the sandbox could not be set up (\(stage)): \(String(cString: strerror(code)))"
            case .sandbox:
                "the sandbox could not be set up: "
                    + (lastWords.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it ended at once")
            }
        }
    }

    private(set) var code: Int32?
    private(set) var signal: Int32?
    private(set) var failure: Failure?
    private(set) var cpuMicroseconds: Int64?
    private(set) var peakBytes: Int64?
    private var hasStarted = false

    /// What wait() gave for the program.
    mutating func take(status: Int32) {
        // WIFEXITED and its kind are macros, which Swift does not see.
        if status & 0x7F == 0 { code = status >> 8 & 0xFF } else { signal = status & 0x7F }
    }

    mutating func take(_ report: InitChannel.Report) {
        switch report {
        case .started: hasStarted = true
        case .failed(let stage, let code): failure = .start(stage: stage, code: code)
        case .ended(let status, let cpu, let peak):
            take(status: status)
            cpuMicroseconds = Int64(clamping: cpu)
            peakBytes = Int64(clamping: peak).multipliedReportingOverflow(by: 1024).partialValue
        }
    }

    /// Nothing more is told: a program of which no end was told was killed with its sandbox.
    mutating func sandboxEnded() {
        guard code == nil, signal == nil, failure == nil else { return }
        if hasStarted { signal = SIGKILL } else { failure = .sandbox }
    }
}
