internal import TaskModel

/// What a token says about its own signature. Believed only as far as it picks a key: the key says how it signs.
struct TokenHeader {
    let algorithm: SignatureAlgorithm
    let keyID: String?

    init(_ object: JSONObject) throws(TokenRefusal) {
        guard let name = object["alg"]?.stringValue else { throw .malformed("its header names no alg") }
        guard name.lowercased() != "none" else {
            throw TokenRefusal(.unsigned, "The token is not signed (alg none); sign it with a key that is configured.")
        }
        guard let algorithm = SignatureAlgorithm(rawValue: name) else {
            let known = SignatureAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw TokenRefusal(.algorithm, "The token is signed with \(name.shown); accepted are \(known).")
        }
        self.algorithm = algorithm
        // What must be understood and is not (RFC 7515, 4.1.11).
        guard object["crit"] == nil else {
            throw TokenRefusal(.algorithm, "The token's header has crit, and no extension is understood.")
        }
        switch object["kid"] {
        case nil, .null: keyID = nil
        case .string(let text): keyID = text
        default: throw .malformed("its kid is not a string")
        }
    }
}
