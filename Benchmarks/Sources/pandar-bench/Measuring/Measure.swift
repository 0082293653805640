import Foundation

/// Ways of taking time.
enum Measure {
    /// Seconds of processors that this process has used.
    static var cpuSeconds: Double {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }

    /// Seconds that `body` takes.
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        return try clock.measure(body).inSeconds
    }

    /// Operations a second: the best of `rounds` rounds of `count` operations each. The best is what the machine can do;
    /// the others are what else it did.
    static func rate(of count: Int, rounds: Int = 3, _ round: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<rounds { best = min(best, try seconds(round)) }
        return Double(count) / best
    }

    /// Milliseconds that single calls take, sorted.
    static func latencies(_ count: Int, _ body: (Int) throws -> Void) rethrows -> Latencies {
        var samples: [Double] = []
        samples.reserveCapacity(count)
        for index in 0..<count { samples.append(try seconds { try body(index) } * 1000) }
        return Latencies(samples)
    }
}

/// Sorted durations in milliseconds.
struct Latencies {
    private let sorted: [Double]

    init(_ samples: [Double]) {
        sorted = samples.sorted()
    }

    /// The value that `fraction` (0–1) of all are at or below.
    func percentile(_ fraction: Double) -> Double {
        guard !sorted.isEmpty else { return .nan }
        let rank = Int((fraction * Double(sorted.count)).rounded(.up)) - 1
        return sorted[min(max(rank, 0), sorted.count - 1)]
    }
}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
