/// The rules that the shell around the engine, its readers and the broker keep. All are on; only tests switch one off.
public struct ShellRules: OptionSet, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Readers apply only what is greater by (epoch, version), and nothing of a former owner.
    public static let orderCheck = ShellRules(rawValue: 1 << 0)
    /// A new owner waits for the echo of its ownership record before it restores.
    public static let barrier = ShellRules(rawValue: 1 << 1)
    /// The broker refuses offsets of members that are not of the current generation.
    public static let fencing = ShellRules(rawValue: 1 << 2)
    /// Without transactions, effects are written before the snapshots that make them due.
    public static let effectsFirst = ShellRules(rawValue: 1 << 3)
    /// A commit shows the generation under which its partitions were assigned, not the one that the consumer has
    /// meanwhile.
    public static let boundGeneration = ShellRules(rawValue: 1 << 4)
    /// A new attempt's lease counts from the start of the commit that holds its `running` snapshot.
    public static let startLease = ShellRules(rawValue: 1 << 5)
    /// A tail that lags behind does not end an attempt or its report: only a snapshot that is past the attempt does.
    public static let pastOnly = ShellRules(rawValue: 1 << 6)
    /// What a former owner wrote too late is written over also when it was seen while nobody owned the partition.
    public static let lateZombies = ShellRules(rawValue: 1 << 7)

    /// Without transactions, offsets are committed when the tail has shown that the snapshots count.
    public static let offsetsAfterEcho = ShellRules(rawValue: 1 << 8)

    public static let all: ShellRules = [
        .orderCheck, .barrier, .fencing, .effectsFirst, .boundGeneration, .startLease, .pastOnly, .lateZombies,
        .offsetsAfterEcho,
    ]
}
