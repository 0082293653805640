internal import Foundation

/// Defaults that depend on the machine and the user.
public enum HostDefaults {
    /// `pandar-` and the host's name.
    public static var instanceID: String {
        let host = ProcessInfo.processInfo.hostName
        let allowed = host.unicodeScalars.map { isAllowed($0) ? Character($0) : "-" }
        return "pandar-" + String(allowed.prefix(100))
    }

    /// `/var/lib/pandar` for root, `$XDG_STATE_HOME/pandar` or `~/.local/state/pandar` for others.
    public static var dataDirectory: String {
        if getuid() == 0 { return "/var/lib/pandar" }
        let environment = ProcessInfo.processInfo.environment
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/pandar" }
        return NSHomeDirectory() + "/.local/state/pandar"
    }

    /// One per core, at least two, so that one long task never blocks a machine with a single core.
    public static var slots: Int { max(2, ProcessInfo.processInfo.activeProcessorCount) }

    /// The service's own `PATH`, so that agents that the operator can start are found.
    public static var path: String {
        ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }
}
