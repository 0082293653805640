internal import Foundation
internal import Synchronization
internal import TaskModel

/// The service's part of the machine's cgroups: one directory, with one beneath it for each attempt.
final class CgroupTree: Sendable {
    let version: CgroupLayout.Version
    /// The directories that attempts' cgroups are made in, by controller.
    let directories: [CgroupController: String]
    private let name: String

    private static let prefix = "pandar-"
    /// Trees that this process has made: each has names of its own.
    private static let count = Atomic<Int>(0)

    /// Takes the first layout in which something can be limited; `nil` when there is none.
    static func find() -> CgroupTree? {
        let layouts = CgroupLayout.all(
            mounts: (try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)) ?? "",
            membership: (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "",
            controllers: { CgroupFiles.read("\($0)/cgroup.controllers") })
        for layout in layouts {
            if let tree = CgroupTree(layout) { return tree }
        }
        return nil
    }

    /// Makes the directories; controllers that refuse are left out.
    private init?(_ layout: CgroupLayout) {
        version = layout.version
        // The number of a process is soon another's; with the moment of its start it is not.
        let number = Self.count.add(1, ordering: .relaxed).newValue
        name = "\(Self.prefix)\(getpid())-\(Self.startTime(of: getpid()) ?? 0)-\(number)"
        for directory in Set(layout.directories.values) { Self.removeLeftovers(in: directory) }
        if layout.version == .v2, let directory = layout.directories.values.first {
            Self.delegate(layout.directories.keys, in: directory)
        }
        var made: [CgroupController: String] = [:]
        for (controller, directory) in layout.directories {
            let path = "\(directory)/\(name)"
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else { continue }
            if layout.version == .v2,
                !CgroupFiles.write("+\(controller.rawValue)", to: "\(path)/cgroup.subtree_control")
            {
                continue
            }
            made[controller] = path
        }
        directories = made
        if made.isEmpty { return nil }
    }

    deinit { remove() }

    /// Removes the directories; what is still in use stays for the next service to collect.
    func remove() {
        for directory in Set(directories.values) { rmdir(directory) }
    }

    func holds(_ controller: CgroupController) -> Bool { directories[controller] != nil }

    /// A cgroup for one attempt.
    func make(_ label: String, limits: SandboxLimits) throws(SpawnError) -> AttemptCgroup {
        try AttemptCgroup(tree: self, label: label, limits: limits)
    }

    /// Under v2 a cgroup that hands controllers on may hold no process itself, unless it is the machine's root: the service
    /// moves into a child, and with it what belongs to it (the shell that started it, its guard). Where others live in the
    /// same cgroup it was not delegated to us, and nobody is moved.
    private static func delegate(_ controllers: some Sequence<CgroupController>, in directory: String) {
        if access("\(directory)/cgroup.type", F_OK) == 0 {
            let inhabitants = CgroupFiles.readAll("\(directory)/cgroup.procs").split(whereSeparator: \.isNewline)
                .compactMap { pid_t($0) }
            guard inhabitants.allSatisfy({ Kinship.isOfOurs($0) }) else { return }
            let leaf = "\(directory)/\(CgroupLayout.leaf)"
            guard mkdir(leaf, 0o755) == 0 || errno == EEXIST else { return }
            for pid in inhabitants { CgroupFiles.write(String(pid), to: "\(leaf)/cgroup.procs") }
        }
        for controller in controllers {
            CgroupFiles.write("+\(controller.rawValue)", to: "\(directory)/cgroup.subtree_control")
        }
    }

    /// Ends what services that are gone have left running, and removes their cgroups.
    private static func removeLeftovers(in directory: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            let parts = name.split(separator: "-")
            guard name.hasPrefix(prefix), parts.count == 4, let pid = pid_t(parts[1]), let start = UInt64(parts[2]),
                startTime(of: pid) != start
            else { continue }
            let path = "\(directory)/\(name)"
            for child in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
                let group = "\(path)/\(child)"
                for text in CgroupFiles.read("\(group)/cgroup.procs")?.split(whereSeparator: \.isNewline) ?? [] {
                    if let pid = pid_t(text) { kill(pid, SIGKILL) }
                }
                rmdir(group)
            }
            rmdir(path)
        }
    }

    /// When a process began, in ticks since the machine did; `nil` when there is none.
    private static func startTime(of pid: pid_t) -> UInt64? { Kinship.field(19, of: pid) }
}
