internal import Foundation

/// What this machine has for sandboxes. Found once, when the service starts.
public struct SandboxHost: Sendable {
    let bubblewrap: String
    let initProgram: String
    let system: SystemView
    let cgroups: CgroupTree?
    /// `nil` where the service is not root: attempts then run as its own user.
    public let identity: SandboxIdentity?

    /// The uid and gid that root gives itself up for. Outside every range that systems, users and containers take
    /// (systemd's list of uid ranges has nothing from 1879048192 on).
    public static let standardIdentity = SandboxIdentity(uid: 1_900_000_000, gid: 1_900_000_000)

    /// - Parameters:
    ///   - path: `PATH` of attempts.
    ///   - directory: a directory of the service for what sandboxes share; made if it is not there.
    ///   - initProgram: `pandar-init`; empty for the one beside this program.
    /// - Throws: `SandboxUnavailable` with what is missing and what to do.
    public init(
        path: String, directory: String, initProgram: String = "",
        identity: SandboxIdentity = SandboxHost.standardIdentity
    ) throws(SandboxUnavailable) {
        let search = path + ":/usr/local/bin:/usr/bin:/bin"
        guard let bubblewrap = Self.find("bwrap", in: search) else {
            throw SandboxUnavailable("bubblewrap is not installed (bwrap was not found)", "`apt install bubblewrap`")
        }
        self.bubblewrap = bubblewrap
        let program = initProgram.isEmpty ? Self.ownDirectory + "/pandar-init" : initProgram
        guard access(program, X_OK) == 0 else {
            throw SandboxUnavailable(
                "\(program) is not there", "keep pandar-init beside pandar, or set sandbox.init_program")
        }
        self.initProgram = program
        self.identity = geteuid() == 0 ? identity : nil
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            system = try SystemView(
                path: path, directory: directory, uid: self.identity?.uid ?? getuid(),
                gid: self.identity?.gid ?? getgid())
        } catch {
            throw SandboxUnavailable("\(directory) cannot be written: \(error.localizedDescription)", "give the service that directory")
        }
        cgroups = CgroupTree.find()
    }

    /// Gives a directory to whom attempts run as.
    func own(_ path: String) -> Bool {
        guard let identity else { return true }
        return chown(path, identity.uid, identity.gid) == 0
    }

    private static var ownDirectory: String {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return String(program.prefix(upTo: program.lastIndex(of: "/") ?? program.startIndex))
    }

    private static func find(_ name: String, in path: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}

/// Why there can be no sandbox here.
public struct SandboxUnavailable: Error, Sendable, CustomStringConvertible {
    public let reason: String
    /// What to do about it.
    public let remedy: String

    init(_ reason: String, _ remedy: String) {
        self.reason = reason
        self.remedy = remedy
    }

    public var description: String { "\(reason); \(remedy)" }
}
