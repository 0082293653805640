internal import TaskModel

extension AgentResult {
    /// The driver's exit status, by the customs of sysexits(3) and of shells.
    public var exitCode: Int32 {
        switch self {
        case .success: 0
        case .interrupted: 143  // as if SIGTERM had ended it
        case .failed(let failure):
            switch (failure.cause, failure.code) {
            case (.transient, _): 75  // EX_TEMPFAIL
            case (_, .credentials): 77  // EX_NOPERM
            default: 1
            }
        }
    }
}
