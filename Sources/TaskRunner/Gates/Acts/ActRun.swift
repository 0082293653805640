internal import CProcess
internal import EgressProxy
internal import Foundation
internal import TaskModel

/// One run of a program outside of the attempt's sandbox: in a sandbox of its own, on a private copy of the workspace,
/// with the act's credentials.
struct ActRun {
    let act: ProjectAct
    let place: ActHost
    let profile: SandboxProfile
    let credentials: ActCredentials
    let copy: WorkspaceCopy
    let command: ActQuestion
    /// What it reads; -1: nothing.
    let input: Int32
    let label: UInt64

    /// Starts it, passes on what it prints, and waits for its end. Everything of it is gone then.
    ///
    /// - Parameter relay: takes what it prints, masked.
    /// - Parameter goesOn: asked about ten times a second; `false` ends it.
    func run(
        _ relay: @escaping (GateFrame, [UInt8]) -> Void, goesOn: () -> Bool
    ) throws(SpawnError) -> ActProcess.End {
        try layFiles()
        let host = place.host
        let name = place.uniqueName(label)
        let network = try network(name)
        defer { network?.close() }
        let cgroup = try host.cgroups.map { tree throws(SpawnError) in try tree.make(name, limits: profile.limits) }
        defer { cgroup?.removeWhenEmpty() }
        var control: [Int32] = [-1, -1]
        guard pandar_control_pair(&control) == 0 else {
            throw SpawnError(description: "no socket for the sandbox: \(String(cString: strerror(errno)))")
        }
        let channel = InitChannel(control[0])
        var plan = SandboxPlan(
            profile: profile, words: command.words, workspace: copy.directory, home: copy.home,
            egressSocket: network?.listener.socketPath, identity: place.identity(of: label))
        plan.directory = command.directory.isEmpty ? Mount.workspace : "\(Mount.workspace)/\(command.directory)"
        let spawn = SpawnPlan(
            words: [host.bubblewrap] + plan.arguments(host).dropFirst(), environment: environment(plan),
            directory: "/", path: place.path, inherited: [control[1]], groups: cgroup?.openEntrances() ?? [],
            input: input)
        defer { for descriptor in spawn.inherited + spawn.groups { close(descriptor) } }
        let process = ActProcess(
            process: try spawn.start(), channel: channel, mask: credentials.mask, limits: profile.limits,
            seconds: act.timeoutSeconds, graceSeconds: place.graceSeconds, writable: [copy.directory, copy.home],
            hasMemoryLimit: cgroup?.holdsMemory ?? false)
        return process.run(relay, goesOn: goesOn)
    }

    private func environment(_ plan: SandboxPlan) -> [String: String] {
        var environment = [
            "PATH": place.path, "LANG": "C.UTF-8", "TERM": "dumb", "NO_COLOR": "1", "GIT_TERMINAL_PROMPT": "0",
        ]
        for name in profile.environment { environment[name] = getenv(name).map { String(cString: $0) } }
        return environment.merging(command.environment) { $1 }.merging(credentials.environment) { $1 }
            .merging(plan.environment(path: place.path)) { $1 }
    }

    private func network(_ name: String) throws(SpawnError) -> AttemptNetwork? {
        guard !profile.network.isEmpty, let proxy = place.proxy else { return nil }
        return try AttemptNetwork(proxy, hosts: profile.network, socketPath: place.host.socketPath(name))
    }

    /// The act's files in its fresh home directory, where nothing of the attempt has been.
    private func layFiles() throws(SpawnError) {
        let owner = place.identity(of: label)
        func give(_ descriptor: Int32) -> Bool {
            owner.map { fchown(descriptor, $0.uid, $0.gid) == 0 } ?? true
        }
        do {
            for file in credentials.files {
                var here = try Directory(path: copy.home)
                let parts = file.path.split(separator: "/").map { FileName(String($0)) }
                for part in parts.dropLast() {
                    if let known = try? here.directory(part) {
                        here = known
                    } else {
                        here = try here.make(part)
                        guard give(here.descriptor) else { throw FileError(file.path) }
                    }
                }
                guard let name = parts.last else { continue }
                let made = openat(here.descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
                guard made >= 0 else { throw FileError(file.path) }
                defer { close(made) }
                // Such files end with a line's end, which the secret was read without.
                let bytes = file.value.bytes + [10]
                guard write(made, bytes, bytes.count) == bytes.count, give(made) else { throw FileError(file.path) }
            }
        } catch {
            throw SpawnError(description: "the files of \(act.program) cannot be laid: \(error)")
        }
    }
}
