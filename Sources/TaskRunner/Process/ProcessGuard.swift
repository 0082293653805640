internal import CProcess
internal import Foundation

/// A child that kills the process groups of all attempts when the service is gone, however it went. One a service.
///
/// The leaders of attempts die by their death signal; their own children would live on without this.
final class ProcessGuard {
    private let descriptor: Int32
    private let pid: pid_t

    init?() {
        var pid: pid_t = 0
        descriptor = pandar_start_guard(&pid)
        self.pid = pid
        if descriptor < 0 { return nil }
    }

    /// Adds a group. `false` when the guard is gone.
    func watch(_ group: pid_t) -> Bool {
        pandar_tell_guard(descriptor, group) == 0
    }

    /// Takes a group off. `false` when the guard is gone.
    func forget(_ group: pid_t) -> Bool {
        pandar_tell_guard(descriptor, -group) == 0
    }

    deinit {
        close(descriptor)
        waitpid(pid, nil, 0)
    }
}
