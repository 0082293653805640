import Foundation
import JWTKit
import TaskModel

extension Timestamp {
    /// When the tests' tokens count.
    static let noon = Timestamp(milliseconds: 1_800_000_000_000)
    var seconds: Int64 { milliseconds / 1000 }
}

/// A token built by hand, so that each part can be wrong.
struct Token {
    var header: JSONObject
    var claims: JSONObject
    let signer: Signer

    /// A token that counts at noon.
    init(_ signer: Signer, kid: String? = nil, _ claims: [String: JSONValue] = [:]) {
        self.signer = signer
        header = JSONObject([.init(name: "alg", value: .string(signer.name)), .init(name: "typ", value: "JWT")])
        header["kid"] = kid.map(JSONValue.string)
        self.claims = JSONObject([
            .init(name: "sub", value: "ann"), .init(name: "exp", value: .integer(Timestamp.noon.seconds + 300)),
            .init(name: "roles", value: ["user"]),
        ])
        for (name, value) in claims { self.claims[name] = value }
    }

    func with(_ change: (inout Token) -> Void) -> Token {
        var token = self
        change(&token)
        return token
    }

    /// What the signature covers.
    var signed: String {
        [header, claims].map { Self.base64(JSONWriter.bytes(of: .object($0))) }.joined(separator: ".")
    }

    var text: String {
        get throws { try Self.sign(signed, signer) }
    }

    static func sign(_ signed: String, _ signer: Signer) throws -> String {
        signed + "." + base64(try signer.key.sign(Array(signed.utf8)))
    }

    static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
}
