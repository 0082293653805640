internal import Foundation

/// What this machine has for sandboxes. Found once, when the service starts.
public struct SandboxHost: Sendable {
    let bubblewrap: String
    let initProgram: String
    /// `pandar-gate`, beside init; `nil` where it is not there: then attempts can ask for nothing while they run.
    public let gateProgram: String?
    /// `pandar-agent`, beside init; `nil` where it is not there: then agents cannot be driven.
    public let agentProgram: String?
    let system: SystemView
    let cgroups: CgroupTree?
    private let sockets: String
    /// Whom attempts see themselves as; `nil` where the service is not root: they then run as its own user.
    public let identity: SandboxIdentity?

    /// How many users attempts are shared out among, from that of `identity` on.
    static let identityCount: UInt32 = 65_536

    /// Who an attempt really is. Each is somebody else, for much that the kernel counts by user (watches of files, queued
    /// signals, pages of pipes) one would otherwise take from the others.
    func identity(of label: UInt64) -> SandboxIdentity? {
        identity.map { first in
            let offset = UInt32(label % UInt64(Self.identityCount))
            return SandboxIdentity(uid: first.uid + offset, gid: first.gid + offset)
        }
    }

    /// The first uid and gid that root gives itself up for. Outside every range that systems, users and containers take
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
        let folder = String(program.prefix(upTo: program.lastIndex(of: "/") ?? program.startIndex))
        gateProgram = Self.executable("\(folder)/pandar-gate")
        agentProgram = Self.executable("\(folder)/pandar-agent")
        self.identity = geteuid() == 0 ? identity : nil
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            system = try SystemView(
                path: path, directory: directory, uid: self.identity?.uid ?? getuid(),
                gid: self.identity?.gid ?? getgid())
        } catch {
            throw SandboxUnavailable(
                "\(directory) cannot be written: \(error.localizedDescription)",
                "check instance.data_dir and who may write there", isUnwritable: true)
        }
        cgroups = CgroupTree.find()
        sockets = try Self.makeSocketDirectory(directory)
    }

    /// Removes what the sandboxes of this process shared. Call it last.
    public func end() {
        cgroups?.remove()
        try? FileManager.default.removeItem(atPath: sockets)
    }

    /// Where the proxy's socket of an attempt stands.
    func socketPath(_ label: String) -> String { "\(sockets)/\(label)" }

    /// A fresh directory for sockets. Their whole path may have 107 bytes.
    private static func makeSocketDirectory(_ directory: String) throws(SandboxUnavailable) -> String {
        let path = "\(directory)/egress"
        // A name that nobody can take before us.
        if path.utf8.count > 80 {
            var template = Array("/tmp/pandar-egress-XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else {
                throw SandboxUnavailable(
                    "no directory can be made in /tmp: \(String(cString: strerror(errno)))", "see to /tmp",
                    isUnwritable: true)
            }
            return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        try? FileManager.default.removeItem(atPath: path)
        guard mkdir(path, 0o700) == 0 else {
            throw SandboxUnavailable(
                "\(path) cannot be made: \(String(cString: strerror(errno)))", "remove it", isUnwritable: true)
        }
        return path
    }

    /// Gives a directory to whom attempts run as.
    func own(_ path: String) -> Bool {
        guard let identity else { return true }
        return chown(path, identity.uid, identity.gid) == 0
    }

    /// What holds each limit here, for the log and `pandar doctor`.
    public var enforcement: [SandboxEnforcement] {
        let version = cgroups?.version.rawValue ?? ""
        func held(_ controller: CgroupController) -> String? { cgroups?.holds(controller) == true ? version : nil }
        return [
            SandboxEnforcement("memory", held(.memory) ?? "looked at ten times a second, and rlimit of each process"),
            SandboxEnforcement("processes", held(.pids).map { "\($0) and rlimit" } ?? "rlimit of the user namespace"),
            SandboxEnforcement("cpu share", held(.cpu)),
            SandboxEnforcement("cpu time", "rlimit of each process, and looked at once a second for all"),
            SandboxEnforcement("open files, file size", "rlimit"),
            SandboxEnforcement("disk", "looked at about once a second; /tmp and /dev/shm by their size"),
        ]
    }

    static func executable(_ path: String) -> String? { access(path, X_OK) == 0 ? path : nil }

    static var ownDirectory: String {
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

    /// It is the service's own directory that is wrong, not what the machine has.
    public let isUnwritable: Bool

    init(_ reason: String, _ remedy: String, isUnwritable: Bool = false) {
        self.reason = reason
        self.remedy = remedy
        self.isUnwritable = isUnwritable
    }

    public var description: String { "\(reason); \(remedy)" }
}

/// What holds one of the limits on this machine.
public struct SandboxEnforcement: Sendable {
    public let limit: String
    /// `nil`: nothing can; an attempt that asks for this limit is refused.
    public let means: String?

    init(_ limit: String, _ means: String?) {
        self.limit = limit
        self.means = means
    }
}
