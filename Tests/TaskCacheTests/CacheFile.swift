import Foundation
import Logging
import TaskCache

/// A folder for one cache file, removed in the end.
final class CacheFile: Sendable {
    let directory: URL

    init() throws {
        directory = URL.temporaryDirectory.appending(path: "pandar-cache-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    var path: String { directory.appending(path: "cache.sqlite").path() }

    func open(cluster: String? = "test", logger: Logger = .silent) throws -> TaskCache {
        try TaskCache(path: path, clusterID: cluster, logger: logger)
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}
