/// A controller of cgroups that limits what attempts use.
enum CgroupController: String, CaseIterable, Sendable {
    case memory, pids, cpu
}

/// Where cgroups can be made, by controller. Found from the two files of `/proc` that tell.
struct CgroupLayout: Equatable, Sendable {
    enum Version: String, Sendable {
        case v1 = "cgroup v1"
        case v2 = "cgroup v2"
    }

    /// Under version 2: the child of its cgroup that a service has moved into, to share the rest out.
    static let leaf = "pandar.leaf"

    let version: Version
    /// The service's own cgroup, by controller; the same directory for all under v2.
    let directories: [CgroupController: String]

    /// The layouts that the machine offers, the better first.
    ///
    /// - Parameters:
    ///   - mounts: the text of `/proc/self/mountinfo`.
    ///   - membership: the text of `/proc/self/cgroup`.
    ///   - controllers: the text of a directory's `cgroup.controllers`.
    static func all(mounts: String, membership: String, controllers: (String) -> String?) -> [CgroupLayout] {
        let places = mounts.split(whereSeparator: \.isNewline).compactMap { CgroupMount(line: $0) }
        let paths = Self.paths(membership)
        var layouts: [CgroupLayout] = []
        if let place = places.first(where: { $0.isVersion2 }), let path = paths[""] {
            // Who has moved already shares out the same cgroup as before.
            let isLeaf = path.hasSuffix("/\(leaf)")
            let directory = place.directory(of: isLeaf ? String(path.dropLast(leaf.count + 1)) : path)
            let offered = Set(controllers(directory)?.split(whereSeparator: \.isWhitespace).map(String.init) ?? [])
            let usable = CgroupController.allCases.filter { offered.contains($0.rawValue) }
            if !usable.isEmpty {
                layouts.append(
                    CgroupLayout(
                        version: .v2, directories: Dictionary(uniqueKeysWithValues: usable.map { ($0, directory) })))
            }
        }
        var directories: [CgroupController: String] = [:]
        for controller in CgroupController.allCases {
            guard let place = places.first(where: { $0.controllers.contains(controller.rawValue) }),
                let path = paths[controller.rawValue]
            else { continue }
            directories[controller] = place.directory(of: path)
        }
        if !directories.isEmpty { layouts.append(CgroupLayout(version: .v1, directories: directories)) }
        return layouts
    }

    /// The service's path by controller; under the empty name for version 2.
    private static func paths(_ membership: String) -> [String: String] {
        var paths: [String: String] = [:]
        for line in membership.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            for name in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
                paths[String(name)] = String(fields[2])
            }
        }
        return paths
    }
}

/// A line of `mountinfo` that is about cgroups.
private struct CgroupMount {
    let point: String
    /// What of the hierarchy is mounted: in a container not all of it.
    let root: String
    let isVersion2: Bool
    let controllers: [String]

    init?(line: Substring) {
        let halves = line.split(separator: " - ", maxSplits: 1)
        guard halves.count == 2 else { return nil }
        let left = halves[0].split(separator: " ")
        let right = halves[1].split(separator: " ")
        guard left.count >= 5, right.count >= 3, right[0] == "cgroup" || right[0] == "cgroup2" else { return nil }
        root = String(left[3])
        point = String(left[4])
        isVersion2 = right[0] == "cgroup2"
        controllers = isVersion2 ? [] : right[2].split(separator: ",").map(String.init)
    }

    func directory(of path: String) -> String {
        var path = path[...]
        if root != "/", path.hasPrefix(root) { path = path.dropFirst(root.count) }
        return path.isEmpty || path == "/" ? point : "\(point)\(path.hasPrefix("/") ? "" : "/")\(path)"
    }
}
