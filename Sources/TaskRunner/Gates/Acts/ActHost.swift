internal import EgressProxy
internal import Foundation
internal import Synchronization
internal import TaskModel

/// What programs that run outside of attempts' sandboxes need of the service.
final class ActHost: Sendable {
    let host: SandboxHost
    let catalog: SandboxCatalog
    let proxy: EgressProxy?
    /// Where programs are looked for: directories of the system, none that an attempt can write to.
    let path: String
    let graceSeconds: Int
    private let counter = Atomic(0)

    init(host: SandboxHost, catalog: SandboxCatalog, proxy: EgressProxy?, path: String, graceSeconds: Int) {
        self.host = host
        self.catalog = catalog
        self.proxy = proxy
        self.path = path
        self.graceSeconds = graceSeconds
    }

    /// A name that nothing else of the service has.
    func uniqueName(_ label: UInt64) -> String {
        "\(label)-act\(counter.add(1, ordering: .relaxed).newValue)"
    }

    /// Who acts of an attempt run as: not the attempt's own user. Labels of attempts have this bit clear.
    func identity(of label: UInt64) -> SandboxIdentity? { host.identity(of: label | Self.bit) }

    private static let bit: UInt64 = 4

    func has(_ program: String) -> Bool {
        path.split(separator: ":").contains { $0.hasPrefix("/") && access("\($0)/\(program)", X_OK) == 0 }
    }

    /// The profile that an act's sandbox has.
    func profile(of act: ProjectAct, _ project: Project) throws(SpawnError) -> SandboxProfile {
        var profile: SandboxProfile
        do {
            profile = try catalog.profile(
                project: act.sandboxProfile ?? SandboxCatalog.standardName, agent: nil, demand: nil)
        } catch {
            throw SpawnError(description: "no sandbox for \(act.program): \(error)")
        }
        profile.hasTerminal = false
        profile.limits.diskMB = min(profile.limits.diskMB ?? .max, project.diskLimitMB)
        if profile.limits.cpus != nil, host.cgroups?.holds(.cpu) != true {
            throw SpawnError(description: "a limit of CPU share cannot be held here; leave limits.cpu out")
        }
        return profile
    }
}
