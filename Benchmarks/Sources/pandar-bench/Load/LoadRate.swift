import Foundation

/// How many tasks a second get from the requests topic to `completed` on the status topic, whatever moves them.
enum LoadRate {
    /// Keeps `window` tasks under way, lets them run warm and counts for `seconds`.
    static func measure(
        _ cluster: BenchCluster, window: Int, seconds: Double, _ request: @escaping @Sendable (Int) -> TaskRequestRecord
    ) throws -> Double {
        let progress = Progress(window: window)
        let watch = try StatusWatch(cluster) { progress.done($0.count) }
        defer { watch.close() }
        let feed = try Feed(cluster, request)
        feed.flood(progress)
        try progress.wait(for: window)
        Thread.sleep(forTimeInterval: seconds / 5)
        let before = progress.completed
        let start = ContinuousClock.now
        Thread.sleep(forTimeInterval: seconds)
        let count = progress.completed - before
        let taken = (ContinuousClock.now - start).inSeconds
        progress.close()
        try feed.finish()
        try progress.waitForAll()
        return Double(count) / taken
    }
}
