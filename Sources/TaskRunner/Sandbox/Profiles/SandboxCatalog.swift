public import TaskModel

/// Why an attempt gets no sandbox: a name that the configuration does not know.
public struct SandboxRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
}

/// The profiles of the configuration, and which one an attempt gets.
public struct SandboxCatalog: Sendable {
    /// The profile of whoever has no other.
    public static let standardName = "default"

    public var profiles: [String: SandboxProfile]
    /// The profile of an agent, by its name.
    public var agents: [String: String]

    public init(profiles: [SandboxProfile] = [], agents: [String: String] = [:]) {
        self.profiles = Dictionary(profiles.map { ($0.name, $0) }) { $1 }
        self.agents = agents
        if self.profiles[Self.standardName] == nil { self.profiles[Self.standardName] = SandboxProfile() }
    }

    /// Whether any profile opens hosts.
    var hasNetwork: Bool { profiles.values.contains { !$0.network.isEmpty } }

    /// What an attempt may do: the project's profile, else the agent's, else the default; narrowed by the request.
    ///
    /// - Parameters:
    ///   - agentProfile: what the agent's own definition names; goes before what the catalogue has for it.
    ///   - hosts: what the agent must reach beside the profile's hosts. The request can take these away, too.
    public func profile(
        project: String?, agent: String?, agentProfile: String? = nil, hosts: [String] = [], demand: SandboxDemand?
    ) throws(SandboxRefusal) -> SandboxProfile {
        let name = project ?? agentProfile ?? agent.flatMap { agents[$0] } ?? Self.standardName
        var profile = try find(name, for: project == nil ? "the agent" : "the project")
        profile.network += hosts.filter { !profile.network.contains($0) }
        guard let demand else { return profile }
        if let name = demand.profile { profile = profile.tightened(by: try find(name, for: "the request")) }
        if let mode = demand.mode { profile.mode = profile.mode.tightened(by: mode) }
        profile.limits = profile.limits.tightened(by: demand.limits)
        profile.hasTerminal = profile.hasTerminal || demand.hasTerminal
        return profile
    }

    private func find(_ name: String, for whom: String) throws(SandboxRefusal) -> SandboxProfile {
        if let profile = profiles[name] { return profile }
        let known = profiles.keys.sorted().joined(separator: ", ")
        throw SandboxRefusal(description: "\(whom) names the sandbox profile \(name), which is not defined (\(known))")
    }
}
