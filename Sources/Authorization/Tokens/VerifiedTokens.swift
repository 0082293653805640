internal import Crypto
internal import TaskModel

/// Remembers tokens whose signature was found right, by their SHA-256. Bounded: when the younger half is full, the older
/// one is forgotten.
struct VerifiedTokens {
    private let half: Int
    private var young: [SHA256Digest: VerifiedToken] = [:]
    private var old: [SHA256Digest: VerifiedToken] = [:]
    /// Of the keys that they were verified with.
    private var generation = 0

    init(capacity: Int) {
        half = max(1, capacity / 2)
    }

    var count: Int { young.count + old.count }

    /// The token, if it was verified with the keys of that generation.
    mutating func token(_ digest: SHA256Digest, generation: Int) -> VerifiedToken? {
        guard generation == self.generation else { return nil }
        if let token = young[digest] { return token }
        guard let token = old[digest] else { return nil }
        insert(token, digest)
        return token
    }

    mutating func insert(_ token: VerifiedToken, _ digest: SHA256Digest, generation: Int) {
        guard generation >= self.generation else { return }
        // A key that is gone takes its tokens along.
        if generation > self.generation {
            young = [:]
            old = [:]
            self.generation = generation
        }
        insert(token, digest)
    }

    private mutating func insert(_ token: VerifiedToken, _ digest: SHA256Digest) {
        if young.count >= half {
            old = young
            young = [:]
        }
        young[digest] = token
    }
}
