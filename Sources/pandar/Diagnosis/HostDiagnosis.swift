internal import Agents
internal import CommandPolicy
internal import Foundation
internal import PandarConfiguration
internal import TaskRunner

/// Whether the machine can run attempts.
enum HostDiagnosis {
    static func findings(_ settings: PandarSettings) -> [Finding] {
        [
            ClockDiagnosis.finding(), dataDirectory(settings.instance.dataDirectory),
            openFiles(slots: settings.runner.slots),
        ] + sandbox(settings) + [policy(settings), projects(settings), agents(settings)]
    }

    /// The data directory, or the first directory above it that is there.
    static func dataDirectory(_ path: String) -> Finding {
        var existing = path
        while !FileManager.default.fileExists(atPath: existing), existing != "/", !existing.isEmpty {
            existing = (existing as NSString).deletingLastPathComponent
        }
        guard access(existing.isEmpty ? "." : existing, W_OK | X_OK) == 0 else {
            return Finding(.fail, "data directory", "\(path) is not writable", remedy: "choose another with --data-dir")
        }
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: existing.isEmpty ? "." : existing)
        guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value else {
            return Finding(.warn, "data directory", "\(path) is writable, its free space is unknown")
        }
        let gibibytes = Double(free) / 1_073_741_824
        let text = "\(path) is writable, \(String(format: "%.1f", gibibytes)) GiB free"
        return gibibytes < 1
            ? Finding(.warn, "data directory", text, remedy: "free some space: the cache and workspaces grow")
            : Finding(.ok, "data directory", text)
    }

    /// An attempt holds about 8 descriptors; the broker connections and the cache about 100.
    static func openFiles(slots: Int) -> Finding {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return Finding(.warn, "open files", "the limit is unknown")
        }
        let needed = 100 + 8 * slots
        return limit.rlim_cur >= needed
            ? Finding(.ok, "open files", "limit \(limit.rlim_cur), needed about \(needed)")
            : Finding(
                .warn, "open files", "limit \(limit.rlim_cur), needed about \(needed)",
                remedy: "raise it with `ulimit -n`, or LimitNOFILE= in the unit")
    }

    /// Tries a sandbox out, and says what holds each limit.
    static func sandbox(_ settings: PandarSettings) -> [Finding] {
        guard settings.sandbox.mode != .none else {
            return [
                Finding(
                    .warn, "sandbox", "switched off: attempts run as the service's own user, without isolation",
                    remedy: "take sandbox.mode: none out of the configuration")
            ]
        }
        do throws(SandboxUnavailable) {
            let host = try SandboxSetup.host(settings)
            try host.probe()
            let user = host.identity.map { "as uid \($0.uid)" } ?? "as the service's own user"
            let parts = [Finding(.ok, "sandbox", "works, \(user)"), gates(host), driver(host)]
            return parts + host.enforcement.map(finding)
        } catch {
            return [Finding(.fail, "sandbox", error.reason, remedy: error.remedy)]
        }
    }

    /// Whether attempts can ask for something while they run.
    private static func gates(_ host: SandboxHost) -> Finding {
        if let program = host.gateProgram { return Finding(.ok, "gates", "attempts can ask mid-run (\(program))") }
        return Finding(
            .warn, "gates", "pandar-gate is not there: attempts can neither fetch, push nor ask while they run",
            remedy: "keep pandar-gate beside pandar-init")
    }

    /// Whether agents can be driven.
    private static func driver(_ host: SandboxHost) -> Finding {
        if let program = host.agentProgram { return Finding(.ok, "agents' driver", program) }
        return Finding(
            .warn, "agents' driver", "pandar-agent is not there: tasks of agents fail, plain commands run without",
            remedy: "keep pandar-agent beside pandar-init")
    }

    private static func finding(_ enforcement: SandboxEnforcement) -> Finding {
        guard let means = enforcement.means else {
            return Finding(
                .warn, "limit of \(enforcement.limit)", "nothing holds it here; tasks that ask for it are refused",
                remedy: "give the service a delegated cgroup (Delegate=yes in the unit)")
        }
        return Finding(.ok, "limit of \(enforcement.limit)", means)
    }

    /// Which commands may run.
    static func policy(_ settings: PandarSettings) -> Finding {
        do {
            let policy = try settings.policy.policy()
            let text =
                "programs \(policy.programs), \(policy.rules.count) rules, fragments \(policy.fragmentScope.rawValue)"
            return policy.programs == .any
                ? Finding(
                    .warn, "command policy", "any program may run but for \(policy.rules.count) rules",
                    remedy: "name those that tasks need in policy.programs")
                : Finding(.ok, "command policy", text)
        } catch {
            return Finding(.fail, "command policy", "\(error)", remedy: "see `pandar policy check`")
        }
    }

    /// What tasks work on.
    static func projects(_ settings: PandarSettings) -> Finding {
        do {
            let catalog = try ProjectsFile.load(path: settings.projects.file)
            return catalog.named.isEmpty
                ? Finding(
                    .warn, "projects", "none is configured: every task works in an empty directory",
                    remedy: "name repositories or directories in projects.file (config/projects.yaml shows how)")
                : Finding(
                    .ok, "projects",
                    "\(catalog.named.count), \(catalog.defaultProject == nil ? "others are refused" : "others have a default")"
                )
        } catch {
            return Finding(.fail, "projects", "\(error)", remedy: "correct the file that projects.file names")
        }
    }

    static func agents(_ settings: PandarSettings) -> Finding {
        let names: [String]
        do {
            names = try settings.agents.catalog().agents.map(\.program)
        } catch {
            return Finding(.fail, "agents", "\(error)", remedy: "correct the file that agents.file names")
        }
        let found = names.filter { Executables.locate($0, path: settings.runner.path) != nil }
        return found.isEmpty
            ? Finding(
                .warn, "agents", "none of \(names.joined(separator: ", ")) is on the runner's PATH",
                remedy: "install one, or set runner.path; plain commands run without")
            : Finding(.ok, "agents", "\(found.joined(separator: ", ")) (`pandar agents check` tries them)")
    }
}
