internal import Foundation
internal import PandarConfiguration

/// Whether the machine can run attempts.
enum HostDiagnosis {
    static func findings(_ settings: PandarSettings) -> [Finding] {
        [
            ClockDiagnosis.finding(), dataDirectory(settings.instance.dataDirectory),
            openFiles(slots: settings.runner.slots), bubblewrap(), userNamespaces(),
            agents(path: settings.runner.path),
        ]
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

    static func bubblewrap() -> Finding {
        guard let path = Executables.find("bwrap", path: HostDefaults.path) else {
            return Finding(.warn, "bubblewrap", "bwrap is not installed", remedy: "`apt install bubblewrap`")
        }
        return Finding(.ok, "bubblewrap", path)
    }

    static func userNamespaces() -> Finding {
        let clone = Executables.number(inFile: "/proc/sys/kernel/unprivileged_userns_clone")
        let most = Executables.number(inFile: "/proc/sys/user/max_user_namespaces")
        guard clone != 0, most != 0 else {
            return Finding(
                .warn, "user namespaces", "switched off",
                remedy: "`sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=15000`")
        }
        return Finding(.ok, "user namespaces", "allowed")
    }

    static func agents(path: String) -> Finding {
        let found = ["codex", "claude", "gemini"].filter { Executables.find($0, path: path) != nil }
        return found.isEmpty
            ? Finding(
                .warn, "agents", "none of codex, claude, gemini is on the runner's PATH",
                remedy: "install one, or set runner.path; plain commands run without")
            : Finding(.ok, "agents", found.joined(separator: ", "))
    }
}
