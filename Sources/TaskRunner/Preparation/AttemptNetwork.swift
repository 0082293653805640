internal import EgressProxy
internal import Foundation
internal import Synchronization
internal import TaskModel

/// The way out of one attempt: its socket of the proxy, and what was refused on it.
final class AttemptNetwork: Sendable {
    let listener: EgressListener
    private let log: RefusalLog

    /// - Throws: `SpawnError` when the profile's hosts cannot be read, or no socket can be made.
    init(_ proxy: EgressProxy, hosts: [String], socketPath: String) throws(SpawnError) {
        let log = RefusalLog()
        self.log = log
        do {
            listener = try proxy.open(
                socketPath: socketPath, mode: 0o666, rules: EgressRules(parsing: hosts),
                observer: EgressObserver(onRefusal: { log.add($0) }))
        } catch {
            throw SpawnError(description: "no network for the sandbox: \(error)")
        }
    }

    /// Refused connections, for the attempt's record.
    var refusals: [String] { log.lines }

    func close() { listener.close() }
}

/// The first refusals of an attempt; the proxy counts the rest.
private final class RefusalLog: Sendable {
    private let texts = Mutex<[String]>([])

    func add(_ refusal: EgressRefusal) {
        let text = "\(refusal.place): \(refusal.reason.rawValue)"
        texts.withLock { texts in
            if texts.count < AttemptResult.refusalsLimit, !texts.contains(text) { texts.append(text) }
        }
    }

    var lines: [String] { texts.withLock { $0 } }
}
