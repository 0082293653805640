/// The gates of a deployment: finds those that a question hits. A value without a clock, a file or a thread.
public struct GateCatalog: Sendable {
    /// In the order of the file.
    public let gates: [GateDefinition]
    private let matcher: GateMatcher

    /// - Parameter gates: with distinct names.
    public init(_ gates: [GateDefinition]) {
        self.gates = gates
        matcher = GateMatcher(gates)
    }

    /// No gate at all.
    public static let empty = GateCatalog([])

    /// What holds where no file says otherwise: `config/gates.yaml`.
    public static let builtIn = GateCatalog(builtInGates)

    /// The gate of that name.
    public subscript(name: String) -> GateDefinition? { gates.first { $0.name == name } }

    /// The gates that the question hits, in the order of the catalogue: at most one hit of each.
    ///
    /// - Parameter names: only these count; `nil` for all. Names that nobody defines are passed over.
    public func hits(_ question: GateQuestion, among names: [String]? = nil) -> [GateHit] {
        matcher.hits(question, among: names.map { Set($0) })
    }

    /// Those of the names that nobody defines, in their order.
    public func unknownNames(of names: [String]) -> [String] { names.filter { self[$0] == nil } }
}

extension GateCatalog: Hashable {
    public static func == (left: GateCatalog, right: GateCatalog) -> Bool { left.gates == right.gates }
    public func hash(into hasher: inout Hasher) { hasher.combine(gates) }
}
