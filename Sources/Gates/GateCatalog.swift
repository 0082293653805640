/// The gates of a deployment: finds those that a question hits. A value without a clock, a file or a thread.
public struct GateCatalog: Hashable, Sendable {
    /// In the order of the file.
    public let gates: [GateDefinition]

    /// - Parameter gates: with distinct names.
    public init(_ gates: [GateDefinition]) {
        self.gates = gates
    }

    /// No gate at all.
    public static let empty = GateCatalog([])

    /// What holds where no file says otherwise: `config/gates.yaml`.
    public static let builtIn = GateCatalog([])

    /// The gate of that name.
    public subscript(name: String) -> GateDefinition? { gates.first { $0.name == name } }

    /// The gates that the question hits, in the order of the catalogue: at most one hit of each.
    ///
    /// - Parameter names: only these count; `nil` for all. Names that nobody defines are passed over.
    public func hits(_ question: GateQuestion, among names: [String]? = nil) -> [GateHit] {
        []
    }
}
