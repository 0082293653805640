/// How much goes wrong in a run, and what of it most. The ordinary mix finds nearly everything in few seeds; some rules
/// are for what only a rare row of accidents shows.
public struct Weather: Hashable, Sendable {
    /// Accidents in 100 steps.
    public let accidents: Int
    /// Steps in 100 in which a late record arrives.
    public let arrivals: Int
    /// Records in 100 whose sender loses the connection.
    public let lostConnections: Int

    /// The mix of all runs for which no other is named.
    public static let ordinary = Weather(accidents: 1, arrivals: 3, lostConnections: 1)
    /// Many records are under way for long, and arrive when nobody expects them any more.
    public static let lateRecords = Weather(accidents: 2, arrivals: 1, lostConnections: 12)

    public static let all: [Weather] = [.ordinary, .lateRecords]

    /// By their names on the command line.
    public static let named: [String: Weather] = ["ordinary": .ordinary, "late-records": .lateRecords]
}
