internal import CProcess
internal import Foundation

extension SandboxHost {
    /// Tries a command in a sandbox as an attempt's would be, with an empty workspace and home and without any network.
    ///
    /// - Parameters:
    ///   - environment: variables beside those that every sandbox has.
    ///   - path: `PATH` of attempts.
    ///   - isEnough: whether what it printed so far is all that is wanted.
    public func trial(
        _ words: [String], profile: SandboxProfile, environment: [String: String], path: String, seconds: Double,
        isEnough: ([UInt8]) -> Bool = { _ in false }
    ) -> CommandTrial {
        CommandTrial.with(directories: ["workspace", "home"]) { directories in
            var control: [Int32] = [-1, -1]
            guard directories.allSatisfy(own), pandar_control_pair(&control) == 0 else {
                return .failed("the sandbox's directories cannot be given to its user")
            }
            let plan = SandboxPlan(
                profile: profile, words: words, workspace: directories[0], home: directories[1], egressSocket: nil,
                identity: identity)
            let spawn = SpawnPlan(
                words: [bubblewrap] + plan.arguments(self).dropFirst(),
                environment: ["PATH": path].merging(plan.environment(path: path)) { $1 }.merging(environment) { $1 },
                directory: "/", path: "", inherited: [control[1]])
            let channel = InitChannel(control[0])
            let started = Result { () throws(SpawnError) in try spawn.start() }
            close(control[1])
            switch started {
            case .failure(let error): return .failed("bubblewrap cannot be started: \(error)")
            case .success(let process):
                defer {
                    // Init first, with all that is in the sandbox; then bubblewrap, which waits for it.
                    while channel.receive() != nil {}
                    _ = channel.kill()
                    CommandTrial.end(process)
                }
                let trial = CommandTrial.watch(process, seconds: seconds, isEnough)
                return failure(channel, trial).map(CommandTrial.failed) ?? trial
            }
        }
    }

    /// Why there was no program, if there was none.
    private func failure(_ channel: InitChannel, _ trial: CommandTrial) -> String? {
        guard trial.end == .ended else { return nil }
        var exit = ProgramExit()
        while let report = channel.receive() { exit.take(report) }
        return exit.failure?.sentence(lastWords: String(decoding: trial.errors, as: UTF8.self))
    }
}
