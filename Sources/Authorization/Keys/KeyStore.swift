public import Logging
internal import Synchronization

/// The keys as their files have them: looked at again when a file's date has changed, and when a token names a key that
/// is not known; each at most once in some seconds. A file that cannot be read any more leaves the keys as they were: to
/// withdraw a key, write its file without it.
public final class KeyStore: Sendable {
    private struct State {
        var ring: KeyRing
        var stamps: [[KeyFile.Stamp?]]
        /// Uptimes in seconds.
        var lastGlance: Double
        var lastLook: Double
    }

    private let sources: [KeySource]
    private let interval: Double
    private let uptime: @Sendable () -> Double
    private let logger: Logger
    private let state: Mutex<State>

    /// Reads the keys.
    ///
    /// - Parameters:
    ///   - interval: seconds between two looks at the files.
    ///   - uptime: a clock that never goes back, in seconds.
    /// - Throws: when one of the sources cannot be used, or there is no key at all.
    public init(
        _ sources: [KeySource], interval: Double = 5, logger: Logger,
        uptime: @escaping @Sendable () -> Double = KeyStore.systemUptime
    ) async throws(KeyError) {
        let stamps = Self.stamps(sources)
        let ring = try await Self.load(sources)
        guard !ring.keys.isEmpty else {
            throw KeyError(
                "There is no key that tokens could be verified with: RS256, ES256 or HS256 (auth.public_keys, "
                    + "auth.jwks_file, auth.hmac_secrets).")
        }
        self.sources = sources
        self.interval = interval
        self.uptime = uptime
        self.logger = logger
        let now = uptime()
        // The first unknown name may have come since.
        state = Mutex(State(ring: ring, stamps: stamps, lastGlance: now, lastLook: now - interval))
    }

    /// `3 keys (2 ES256, 1 HS256)`.
    public var summary: String {
        let counts = counts.sorted { $0.key < $1.key }
        let total = counts.reduce(0) { $0 + $1.value }
        return
            "\(total) \(total == 1 ? "key" : "keys") (\(counts.map { "\($0.value) \($0.key)" }.joined(separator: ", ")))"
    }

    /// How many keys there are of each algorithm (`HS256`, …).
    public var counts: [String: Int] {
        state.withLock { $0.ring.keys }.reduce(into: [:]) { $0[$1.algorithm.rawValue, default: 0] += 1 }
    }

    /// The keys, after a glance at the files' dates if the last one was some time ago.
    func current() -> KeyRing {
        let now = uptime()
        let (ring, known) = state.withLock { state -> (KeyRing, [[KeyFile.Stamp?]]?) in
            guard now - state.lastGlance >= interval else { return (state.ring, nil) }
            state.lastGlance = now
            return (state.ring, state.stamps)
        }
        guard let known, Self.stamps(sources) != known else { return ring }
        return reload(or: ring)
    }

    /// The keys, read again if that was not done a moment ago.
    func lookAgain() -> KeyRing {
        let now = uptime()
        let (ring, isDue) = state.withLock { state -> (KeyRing, Bool) in
            guard now - state.lastLook >= interval else { return (state.ring, false) }
            state.lastLook = now
            return (state.ring, true)
        }
        return isDue ? reload(or: ring) : ring
    }

    private func reload(or former: KeyRing) -> KeyRing {
        // Before reading: what is written meanwhile is seen as a change later.
        let stamps = Self.stamps(sources)
        let sources = sources
        let loaded = OwnThread.result { () async -> Result<KeyRing, KeyError> in
            do throws(KeyError) {
                return .success(try await Self.load(sources))
            } catch {
                return .failure(error)
            }
        }
        switch loaded {
        case .success(let ring):
            let (ring, hasChanged) = state.withLock { state in
                let hasChanged = state.stamps != stamps
                state.stamps = stamps
                let generation = state.ring.generation + 1
                state.ring = ring
                state.ring.generation = generation
                return (state.ring, hasChanged)
            }
            if hasChanged { logger.notice("keys read again", metadata: ["keys": "\(ring.keys.count)"]) }
            return ring
        case .failure(let error):
            logger.error(
                "the keys for tokens cannot be read again; the former ones count", metadata: ["error": "\(error)"])
            return former
        case nil: return former
        }
    }

    private static func stamps(_ sources: [KeySource]) -> [[KeyFile.Stamp?]] {
        sources.compactMap(\.path).map(KeyFile.stamps)
    }

    private static func load(_ sources: [KeySource]) async throws(KeyError) -> KeyRing {
        var keys: [VerificationKey] = []
        for source in sources { keys += try await source.keys() }
        return try KeyRing(keys)
    }

    /// Seconds since the machine was started, or so.
    public static let systemUptime: @Sendable () -> Double = {
        let elapsed = ContinuousClock.now - start
        return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    }

    private static let start = ContinuousClock.now
}
