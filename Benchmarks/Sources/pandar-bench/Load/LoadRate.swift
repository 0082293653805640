import Foundation

/// How many tasks a second get from the requests topic to `completed` on the status topic, whatever moves them, and what
/// each takes of a processor.
struct LoadRate {
    let tasksPerSecond: Double
    /// Of this process: the clients that feed and watch are among it, an embedded broker is not. A machine that does
    /// other things besides changes this less than the rate.
    let cpuMicroseconds: Double

    /// Keeps `window` tasks under way, lets them run warm and counts for `seconds`.
    static func measure(
        _ cluster: BenchCluster, window: Int, seconds: Double, _ request: @escaping @Sendable (Int) -> TaskRequestRecord
    ) throws -> LoadRate {
        let progress = Progress(window: window)
        let watch = try StatusWatch(cluster) { progress.done($0.count) }
        defer { watch.close() }
        let feed = try Feed(cluster, request)
        feed.flood(progress)
        try progress.wait(for: window)
        Thread.sleep(forTimeInterval: seconds / 5)
        let before = (progress.completed, Measure.cpuSeconds)
        let start = ContinuousClock.now
        Thread.sleep(forTimeInterval: seconds)
        let count = Double(progress.completed - before.0)
        let cpu = Measure.cpuSeconds - before.1
        let taken = (ContinuousClock.now - start).inSeconds
        progress.close()
        try feed.finish()
        try progress.waitForAll()
        return LoadRate(tasksPerSecond: count / taken, cpuMicroseconds: cpu / count * 1e6)
    }
}
