internal import Foundation

extension SandboxHost {
    /// A command line that builds the same walls and runs `words` in them at once: no init, no filter, no limits, no
    /// runner. What those cost is measured against it; nothing hostile belongs in there.
    ///
    /// - Parameters:
    ///   - workspace: a directory that the program may write.
    ///   - home: another one.
    /// - Returns: program and arguments.
    public func bareCommandLine(
        _ profile: SandboxProfile, words: [String], workspace: String, home: String
    ) -> [String] {
        let plan = SandboxPlan(
            profile: profile, words: words, workspace: workspace, home: home, egressSocket: nil, identity: identity)
        return [bubblewrap] + plan.walls(self).dropFirst() + ["--"] + words
    }
}
