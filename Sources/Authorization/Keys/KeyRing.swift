/// The keys that count at one time.
struct KeyRing: Sendable {
    let keys: [VerificationKey]
    /// Grows with every change of the keys.
    var generation = 0
    private let byID: [String: VerificationKey]

    /// - Throws: when two keys have one name.
    init(_ keys: [VerificationKey]) throws(KeyError) {
        self.keys = keys
        var byID: [String: VerificationKey] = [:]
        for key in keys {
            guard let id = key.id else { continue }
            guard byID.updateValue(key, forKey: id) == nil else {
                throw KeyError(
                    "Two keys have the name \(id.shown): rename one of the files (a key has the name of its file, of its "
                        + "variable, or its kid).")
            }
        }
        self.byID = byID
    }

    /// The key that a token is to be verified with; `nil` when it names one that is not there.
    func key(for header: TokenHeader) throws(TokenRefusal) -> VerificationKey? {
        guard let id = header.keyID else { return try onlyKey(header.algorithm) }
        guard let key = byID[id] else { return nil }
        // A public key is no secret: taken for one of HMAC, everybody could sign with it.
        guard key.algorithm == header.algorithm else {
            throw TokenRefusal(
                .algorithm,
                "The token says it is signed with \(header.algorithm.rawValue), but \(key.name) is not for that.")
        }
        return key
    }

    /// A token that names no key can mean but one.
    private func onlyKey(_ algorithm: SignatureAlgorithm) throws(TokenRefusal) -> VerificationKey {
        let candidates = keys.filter { $0.algorithm == algorithm }
        guard let key = candidates.first else {
            throw TokenRefusal(
                .algorithm, "The token is signed with \(algorithm.rawValue), and no such key is configured.")
        }
        guard candidates.count == 1 else {
            throw TokenRefusal(
                .ambiguousKey,
                "The token names no key (kid), and there are \(candidates.count) for \(algorithm.rawValue); name one.")
        }
        return key
    }
}
