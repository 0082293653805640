internal import TaskModel

/// A token in its three parts, read but not believed.
struct TokenParts {
    /// Bytes. Tokens of a few hundred are common, of a few thousand with many roles; more is an attack on memory.
    static let maximumBytes = 16_384

    let header: JSONObject
    let claims: JSONObject
    /// What the signature covers.
    let signed: ArraySlice<UInt8>
    let signature: [UInt8]

    /// Before anything is done with it.
    static func checkSize(_ token: [UInt8]) throws(TokenRefusal) {
        guard token.count <= maximumBytes else {
            throw TokenRefusal(.tooLarge, "The token has \(token.count) bytes; at most \(maximumBytes) are read.")
        }
    }

    init(_ token: [UInt8]) throws(TokenRefusal) {
        let parts = token.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformed("it does not have three parts with dots between them") }
        header = try Self.object(parts[0], "header")
        claims = try Self.object(parts[1], "payload")
        guard let signature = Base64URL.decode(parts[2]) else { throw .malformed("its signature is not base64url") }
        self.signature = signature
        signed = token[parts[0].startIndex..<parts[1].endIndex]
    }

    private static func object(_ part: ArraySlice<UInt8>, _ name: String) throws(TokenRefusal) -> JSONObject {
        guard let bytes = Base64URL.decode(part) else { throw .malformed("its \(name) is not base64url") }
        // A member that stands twice is refused by the reader: two readers could believe different ones.
        guard let object = try? JSONParser.parse(bytes).objectValue else {
            throw .malformed("its \(name) is not a JSON object")
        }
        return object
    }
}
