internal import JWTKit
internal import TaskModel

/// A JSON Web Key Set (RFC 7517).
enum KeySet {
    /// The keys in it that can verify HS256, RS256 or ES256. Issuers publish others beside them, which are left out.
    static func keys(_ bytes: [UInt8], _ path: String) async throws(KeyError) -> [VerificationKey] {
        guard let elements = (try? JSONParser.parse(bytes))?.objectValue?["keys"]?.arrayValue else {
            throw KeyError("The file \(path) is no JSON Web Key Set: it must be an object with a list of keys.")
        }
        var keys: [VerificationKey] = []
        for (index, element) in elements.enumerated() {
            guard let object = element.objectValue else {
                throw KeyError("Element \(index + 1) of keys in \(path) is no object.")
            }
            if let key = try await key(object, "key \(index + 1) of \(path)") { keys.append(key) }
        }
        return keys
    }

    private static func key(_ object: JSONObject, _ place: String) async throws(KeyError) -> VerificationKey? {
        let use = object["use"]?.stringValue
        guard use == nil || use == "sig", let algorithm = algorithm(object) else { return nil }
        let id = object["kid"]?.stringValue
        do {
            switch algorithm {
            case .rs256:
                let key = try Insecure.RSA.PublicKey(
                    modulus: try text("n", object, place), exponent: try text("e", object, place))
                return try await VerificationKey(rsa: key, id: id)
            case .es256:
                let key = try ES256PublicKey(parameters: (try text("x", object, place), try text("y", object, place)))
                return try await VerificationKey(ecdsa: key, id: id)
            case .hs256:
                guard let secret = Base64URL.decode(try text("k", object, place).utf8),
                    secret.count >= VerificationKey.leastSecretBytes
                else {
                    throw KeyError(
                        "The k of \(place) must be base64url of at least \(VerificationKey.leastSecretBytes) bytes.")
                }
                return try await VerificationKey(secret: secret, id: id)
            }
        } catch let error as KeyError {
            throw error
        } catch {
            throw KeyError(
                "The \(algorithm.rawValue) \(place) cannot be used: its numbers make no key of an allowed size.")
        }
    }

    /// What a key of that type and curve signs; `nil` when it is another algorithm's, or no public key's.
    private static func algorithm(_ object: JSONObject) -> SignatureAlgorithm? {
        let algorithm: SignatureAlgorithm? =
            switch object["kty"]?.stringValue {
            case "RSA": .rs256
            case "EC" where object["crv"]?.stringValue == "P-256": .es256
            case "oct": .hs256
            default: nil
            }
        let named = object["alg"]?.stringValue
        return named == nil || named == algorithm?.rawValue ? algorithm : nil
    }

    private static func text(_ name: String, _ object: JSONObject, _ place: String) throws(KeyError) -> String {
        guard let text = object[name]?.stringValue else { throw KeyError("There is no \(name) in \(place).") }
        return text
    }
}
