internal import Foundation

/// What an attempt sees of the gate broker: its socket, `pandar-gate` under the names of programs, and settings by which
/// git goes there with the project's repository.
struct GateView: Sendable {
    /// Options of bubblewrap.
    let arguments: [String]

    init(
        _ gate: AttemptGate, _ workspace: Workspace, _ profile: SandboxProfile, _ host: SandboxHost
    ) throws(SpawnError) {
        guard let program = host.gateProgram else { throw SpawnError(description: "pandar-gate is not there") }
        var arguments = ["--ro-bind", program, Mount.gateProgram, "--perms", "0755", "--dir", Mount.gatePrograms]
        var names = Set(gate.rules.programs + gate.project.acts.map(\.program)).sorted()
        if !gate.project.secrets.isEmpty { names.append("pandar-secret") }
        if case .repository(let repository) = gate.project.source {
            names.append("git-remote-pandar")
            // In the attempt's own directory, but not where the attempt can write.
            let file = workspace.base + "/gitconfig"
            let text = Self.settings(repository.location, hasNetwork: !profile.network.isEmpty)
            guard FileManager.default.createFile(atPath: file, contents: Data(text.utf8)) else {
                throw SpawnError(description: "\(FileError(file))")
            }
            chmod(file, 0o644)
            arguments += ["--ro-bind", file, Mount.gitSettings]
        }
        for name in names { arguments += ["--symlink", "../gate", "\(Mount.gatePrograms)/\(name)"] }
        self.arguments = arguments + ["--bind", gate.socket.path, Mount.gateSocket]
    }

    /// The system's settings for git in the sandbox. Whoever goes past them has no way to the repository at all.
    static func settings(_ location: String, hasNetwork: Bool) -> String {
        // Other addresses lead nowhere without a network: the broker says so in better words.
        let others = ["https://", "http://", "ssh://", "git://"]
        let led = [location] + (hasNetwork ? [] : others.filter { !location.elementsEqual($0) })
        let rewritten = led.map { "[url \(quoted("pandar::" + $0))]\n\tinsteadOf = \(quoted($0))\n" }
        return rewritten.joined() + "[protocol \"pandar\"]\n\tallow = always\n"
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
