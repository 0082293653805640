internal import TaskEngine

/// A rule by its name on the command line.
public enum SimulatedRule: String, Sendable, CaseIterable {
    case orderCheck = "order-check"
    case leaseMargin = "lease-margin"
    case dedupe
    case barrier
    case fencing
    case effectsFirst = "effects-first"
    case concurrencyKey = "concurrency-key"
    case reportFencing = "report-fencing"
    case appliedInputs = "applied-inputs"
    case reportsHorizon = "reports-horizon"
    case boundGeneration = "bound-generation"
    case startLease = "start-lease"
    case pastOnly = "past-only"
    case lateZombies = "late-zombies"
    case offsetsAfterEcho = "offsets-after-echo"
    case grantUse = "grant-use"

    /// The engine's rule of that name.
    private var engineRule: EngineRules {
        switch self {
        case .leaseMargin: .leaseMargin
        case .dedupe: .dedupe
        case .concurrencyKey: .concurrencyKey
        case .reportFencing: .reportFencing
        case .appliedInputs: .appliedInputs
        case .reportsHorizon: .reportsHorizon
        case .grantUse: .grantUse
        default: []
        }
    }

    /// The shell's rule of that name.
    private var shellRule: ShellRules {
        switch self {
        case .orderCheck: .orderCheck
        case .barrier: .barrier
        case .fencing: .fencing
        case .effectsFirst: .effectsFirst
        case .boundGeneration: .boundGeneration
        case .startLease: .startLease
        case .pastOnly: .pastOnly
        case .lateZombies: .lateZombies
        case .offsetsAfterEcho: .offsetsAfterEcho
        default: []
        }
    }

    /// Switches the rule off in `options`.
    public func disable(in options: inout SimulationOptions) {
        options.engineRules.subtract(engineRule)
        options.shellRules.subtract(shellRule)
    }
}
