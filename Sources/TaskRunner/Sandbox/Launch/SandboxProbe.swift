internal import CProcess
internal import Foundation

extension SandboxHost {
    /// Runs `true` in a sandbox: whether it works is known only by trying.
    ///
    /// - Throws: `SandboxUnavailable` with what bubblewrap or init said. Blocks for some milliseconds.
    public func probe() throws(SandboxUnavailable) {
        let directory = NSTemporaryDirectory() + "pandar-probe-\(UUID().uuidString)"
        guard mkdir(directory, 0o700) == 0 else {
            throw SandboxUnavailable("\(directory) cannot be made", "see to the directory for temporary files")
        }
        defer { rmdir(directory) }
        var control: [Int32] = [-1, -1]
        guard own(directory), pandar_control_pair(&control) == 0 else {
            throw SandboxUnavailable("no socket can be made", "raise the limit of open files")
        }
        let plan = SandboxPlan(
            profile: SandboxProfile(), words: ["true"], workspace: directory, home: directory, egressSocket: nil,
            identity: identity)
        let spawn = SpawnPlan(
            words: [bubblewrap] + plan.arguments(self).dropFirst(), environment: ["PATH": "/usr/bin:/bin"],
            directory: "/", path: "", inherited: [control[1]])
        let channel = InitChannel(control[0])
        let process: SpawnedProcess
        do {
            process = try spawn.start()
            close(control[1])
        } catch {
            close(control[1])
            throw SandboxUnavailable("bubblewrap cannot be started: \(error)", "see to bubblewrap")
        }
        defer { for descriptor in [process.pidfd, process.output, process.error] { close(descriptor) } }
        var status: Int32 = 0
        var usage = rusage()
        _ = pandar_reap(process.pid, 0, &status, &usage)
        var exit = ProgramExit()
        while let report = channel.receive() { exit.take(report) }
        exit.sandboxEnded()
        guard exit.code != 0 else { return }
        var words = [UInt8](repeating: 0, count: 4096)
        let count = max(0, read(process.error, &words, words.count))
        throw SandboxUnavailable(
            exit.failure?.sentence(lastWords: String(decoding: words[..<count], as: UTF8.self)) ?? "true has failed",
            "allow user namespaces (`sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=15000`, and "
                + "AppArmor's rule where there is one)")
    }
}
