internal import Agents
internal import Glibc

extension Driver {
    /// Ends this process. A plain command's end becomes its own: the exit status, or the signal that ended it.
    func leave(_ result: AgentResult) -> Never {
        guard let status, !result.isOfTheDriver else { exit(result.exitCode) }
        let signal = status & 0x7F
        guard signal != 0 else { exit(status >> 8 & 0xFF) }
        // The command has left its own picture of its memory, if it should; ours says nothing.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        Glibc.signal(signal, SIG_DFL)
        kill(getpid(), signal)
        exit(128 + signal)
    }
}

extension AgentResult {
    /// Whether it is not the program's own end.
    fileprivate var isOfTheDriver: Bool {
        if case .failed(let failure) = self { failure.code != .programEnded } else { false }
    }
}
