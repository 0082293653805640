internal import CProcess
internal import Foundation

/// The runner's end of the talk with `pandar-init`.
final class InitChannel {
    enum Report: Equatable {
        /// The program runs.
        case started
        /// It could not be started.
        case failed(stage: String, code: Int32)
        case ended(status: Int32, cpuMicroseconds: UInt64, peakKilobytes: UInt64)
    }

    let descriptor: Int32
    private var initProcess: Int32 = -1
    /// Init has closed its end.
    private(set) var isAtEnd = false

    /// Takes the descriptor over.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
        if initProcess >= 0 { close(initProcess) }
    }

    /// The next report, if one has come.
    func receive() -> Report? {
        var report = pandar_control_report()
        var sender: pid_t = 0
        let answer = pandar_control_receive(descriptor, &report, &sender)
        if answer < 0 { isAtEnd = true }
        guard answer == 1 else { return nil }
        // Init lives until the sandbox ends, and its number is its own until bubblewrap has collected it.
        if initProcess < 0, sender > 0 { initProcess = pandar_pidfd_open(sender) }
        switch report.kind {
        case UInt32(pandar_control_started.rawValue): return .started
        case UInt32(pandar_control_failed.rawValue): return .failed(stage: report.stageText, code: report.value)
        default:
            return .ended(
                status: report.value, cpuMicroseconds: report.cpu_microseconds,
                peakKilobytes: report.peak_kilobytes)
        }
    }

    /// SIGTERM to every process of the sandbox.
    func terminate() {
        pandar_control_send(descriptor, CChar(pandar_control_terminate.rawValue))
    }

    /// Ends the sandbox with all that is in it. `false` when init is not known yet.
    func kill() -> Bool {
        initProcess >= 0 && pandar_pidfd_kill(initProcess, SIGKILL) == 0
    }
}

extension pandar_control_report {
    fileprivate var stageText: String {
        withUnsafeBytes(of: stage) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
