internal import Foundation
internal import TaskModel

/// One attempt's sandbox, and how bubblewrap and `pandar-init` are told of it.
struct SandboxPlan: Sendable {
    let profile: SandboxProfile
    let words: [String]
    /// Directories of the machine that the attempt owns.
    let workspace: String
    let home: String
    /// The proxy's socket on the machine; `nil`: no network.
    let egressSocket: String?
    /// The user and group that root gives itself up for; `nil` where the service is not root. The program sees them as
    /// the host's `identity`.
    let identity: SandboxIdentity?
    /// The way to the gate broker; `nil`: none.
    var gate: GateView?
    /// The driver of the attempt's agent; `nil`: none.
    var agent: AgentView?
    /// Where the program begins.
    var directory = Mount.workspace

    /// The descriptor of the control socket in the sandbox: the first after the standard three.
    static let control = 3
    /// The descriptor of the driver's reports, where there is a driver.
    static let reports: Int32 = 4
    /// The port that the proxy has inside; nobody else is there.
    static let proxyPort = 3128

    /// Arguments of `bwrap`, its own name first.
    func arguments(_ host: SandboxHost) -> [String] {
        walls(host) + ["--", Mount.initProgram] + initArguments(host) + ["--"] + words
    }

    /// What bubblewrap builds, without what runs in it.
    func walls(_ host: SandboxHost) -> [String] {
        var arguments = ["bwrap"] + Self.namespaces
        // Root needs no user namespace to set this up, and init makes one that owns nothing of it.
        if identity == nil { arguments += ["--unshare-user"] }
        arguments += ["--die-with-parent", "--as-pid-1"]
        arguments += host.system.arguments
        arguments += ["--proc", "/proc", "--dev", "/dev"]
        let megabytes = profile.limits.temporaryMB ?? 1024
        for path in ["/tmp", "/dev/shm"] {
            arguments += ["--perms", "1777", "--size", String(megabytes << 20), "--tmpfs", path]
        }
        for directory in ["/run", "/run/pandar", "/var", "/home"] {
            arguments += ["--perms", "0755", "--dir", directory]
        }
        arguments += ["--symlink", "../tmp", "/var/tmp", "--symlink", "../run", "/var/run"]
        // After the places that are the sandbox's own, which would hide what lies in them on the machine.
        arguments += host.system.programs + SystemView.passage(to: profile.readable)
        for path in profile.readable { arguments += ["--ro-bind-try", path, path] }
        arguments += ["--bind", workspace, Mount.workspace, "--bind", home, Mount.home]
        arguments += ["--ro-bind", host.initProgram, Mount.initProgram]
        if let egressSocket { arguments += ["--bind", egressSocket, Mount.egress] }
        arguments += (gate?.arguments ?? []) + (agent?.arguments ?? [])
        return arguments + ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", directory]
    }

    private static let namespaces = [
        "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try",
        "--hostname", "sandbox",
    ]

    private func initArguments(_ host: SandboxHost) -> [String] {
        var arguments = ["--control", String(Self.control)]
        if let identity, let seen = host.identity {
            arguments += ["--uid", String(identity.uid), "--gid", String(identity.gid)]
            arguments += ["--seen-uid", String(seen.uid), "--seen-gid", String(seen.gid)]
        }
        if profile.hasTerminal { arguments += ["--terminal", "1"] }
        if agent != nil { arguments += ["--reports", String(Self.reports)] }
        if profile.mode == .permissive { arguments += ["--permissive", "1"] }
        if egressSocket != nil { arguments += ["--egress", Mount.egress, "--port", String(Self.proxyPort)] }
        for (resource, value) in ResourceLimits.of(profile.limits, cgroups: host.cgroups) {
            arguments += ["--limit", "\(resource)=\(value)"]
        }
        return arguments
    }

    /// Variables of the attempt that depend on the sandbox.
    ///
    /// - Parameter path: `PATH` of attempts.
    func environment(path: String) -> [String: String] {
        var environment = [
            "HOME": Mount.home, "TMPDIR": "/tmp", "USER": "pandar", "LOGNAME": "pandar", "SHELL": "/bin/sh",
        ]
        environment["PWD"] = directory
        if gate != nil { environment["PATH"] = "\(Mount.gatePrograms):\(path)" }
        guard egressSocket != nil else { return environment }
        let proxy = "http://127.0.0.1:\(Self.proxyPort)"
        for name in ["http_proxy", "https_proxy", "all_proxy"] {
            environment[name] = proxy
            environment[name.uppercased()] = proxy
        }
        environment["no_proxy"] = "localhost,127.0.0.1,::1"
        environment["NO_PROXY"] = environment["no_proxy"]
        return environment
    }
}

/// Whom attempts run as.
public struct SandboxIdentity: Hashable, Sendable {
    public let uid: UInt32
    public let gid: UInt32

    public init(uid: UInt32, gid: UInt32) {
        self.uid = uid
        self.gid = gid
    }
}
