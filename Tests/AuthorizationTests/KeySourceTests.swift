import Authorization
import Crypto
import Foundation
import JWTKit
import TaskModel
import Testing

@Suite("Key files")
struct KeySourceTests {
    private func message(_ make: (KeyFolder) throws -> KeySource) async throws -> String {
        let folder = try KeyFolder()
        let source = try make(folder)
        do {
            _ = try await folder.store(source)
            return "no error"
        } catch let error as KeyError {
            return error.message
        }
    }

    @Test("a secret that is too short, or no secret, is refused and not shown")
    func secrets() async throws {
        let short = String(Signer.secret.dropLast())
        let file = try await message { .secretFile(try $0.write("s", short + "\n\n")) }
        #expect(file.contains("has 31 bytes; HS256 needs at least 32") && !file.contains(short))
        let variable = try await message { _ in .secret(Array(short.utf8), variable: "JWT_SECRET") }
        #expect(variable.contains("the variable JWT_SECRET has 31 bytes") && !variable.contains(short))
        let pem = try await Signer.es256().file
        #expect(try await message { .secretFile(try $0.write("s", pem)) }.contains("auth.public_keys"))
        #expect(try await message { _ in .secretFile("/does/not/exist") }.contains("cannot be read"))
        #expect(try await message { .secretFile(try $0.write("s", Signer.secret)) } == "no error")
    }

    @Test("a variable's secret is named by the variable")
    func variable() async throws {
        let folder = try KeyFolder()
        let signer = try await Signer.hs256()
        let verifier = TokenVerifier(
            keys: try await folder.store(.secret(Array(Signer.secret.utf8), variable: "JWT_SECRET")))
        #expect(try verifier.principal(try Token(signer, kid: "JWT_SECRET").text).keyID == "JWT_SECRET")
    }

    @Test("what is no public key of an allowed size is refused")
    func publicKeys() async throws {
        let small = try OpenSSL.publicKey(of: try OpenSSL.key("RSA", "rsa_keygen_bits:1024"))
        let curve = try OpenSSL.publicKey(of: try OpenSSL.key("EC", "ec_paramgen_curve:P-384"))
        for text in [small, curve, "", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"] {
            #expect(try await message { .publicKeys(try $0.write("a.pem", text)) }.contains("no public key in PEM"))
        }
        let own = try OpenSSL.key("EC", "ec_paramgen_curve:P-256")
        let answer = try await message { .publicKeys(try $0.write("a.pem", own)) }
        #expect(answer.contains("holds a private key") && !answer.contains(own.dropFirst(40).prefix(20)))
        #expect(try await message { .publicKeys(try $0.write("a.pem", OpenSSL.publicKey(of: own))) } == "no error")
    }

    @Test("a directory without keys is no source of any, and two keys of one name are refused")
    func directories() async throws {
        #expect(try await message { .publicKeys($0.path) }.contains("There is no key"))
        let folder = try KeyFolder()
        let file = try await Signer.es256().file
        let paths = [try folder.write("a/main.pem", file), try folder.write("b/main.pem", file)]
        let error = await #expect(throws: KeyError.self) {
            try await folder.store(.publicKeys(paths[0]), .publicKeys(paths[1]))
        }
        #expect(error?.message.contains("Two keys have the name main") == true)
    }

    @Test("a key set gives its keys for the three algorithms and leaves the others out")
    func keySet() async throws {
        let folder = try KeyFolder()
        let (es, rs, hs) = (ES256PrivateKey(), try OpenSSL.key("RSA", "rsa_keygen_bits:2048"), try await Signer.hs256())
        let rsa = try Insecure.RSA.PrivateKey(pem: rs)
        let numbers = try rsa.publicKey.getKeyPrimitives()
        let point = try #require(es.publicKey.parameters)
        func url(_ text: String) -> JSONValue { .string(Token.base64(Array(Data(base64Encoded: text) ?? Data()))) }
        let n = JSONValue.string(Token.base64(Array(numbers.modulus)))
        let e = JSONValue.string(Token.base64(Array(numbers.publicExponent)))
        let set: JSONValue = [
            "keys": [
                ["kty": "EC", "crv": "P-256", "kid": "ec", "x": url(point.x), "y": url(point.y), "alg": "ES256"],
                ["kty": "RSA", "kid": "rsa", "use": "sig", "n": n, "e": e],
                ["kty": "oct", "kid": "oct", "k": .string(Token.base64(Array(Signer.secret.utf8)))],
                ["kty": "RSA", "kid": "encrypts", "use": "enc", "n": n, "e": e],
                ["kty": "RSA", "kid": "other", "alg": "RS512", "n": n, "e": e],
                ["kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": "AAAA"],
                ["kty": "EC", "crv": "P-384", "kid": "large", "x": "AAAA", "y": "AAAA"],
            ]
        ]
        let path = try folder.write("jwks.json", String(decoding: JSONWriter.bytes(of: set), as: UTF8.self))
        let verifier = TokenVerifier(keys: try await folder.store(.keySet(path)))
        #expect(verifier.keys.counts == ["ES256": 1, "RS256": 1, "HS256": 1])
        let ecSigner = Signer(name: "ES256", key: try await JWTKeyCollection().add(ecdsa: es).getKey(), file: "")
        let rsaSigner = Signer(
            name: "RS256", key: try await JWTKeyCollection().add(rsa: rsa, digestAlgorithm: .sha256).getKey(), file: "")
        #expect(try verifier.principal(try Token(ecSigner, kid: "ec").text).keyID == "ec")
        #expect(try verifier.principal(try Token(rsaSigner, kid: "rsa").text).keyID == "rsa")
        #expect(try verifier.principal(try Token(hs, kid: "oct").text).keyID == "oct")
        for kid in ["encrypts", "other", "ed", "large"] {
            #expect(verifier.refusal(try Token(rsaSigner, kid: kid).text) == .unknownKey)
        }
        folder.pass(seconds: 5)
        try folder.write("jwks.json", #"{"keys":[]}"#)
        #expect(verifier.refusal(try Token(ecSigner, kid: "ec").text) == .unknownKey, "an empty set withdraws all")
    }

    @Test(
        "a key set that is broken is refused with the place",
        arguments: [
            ("[]", "is no JSON Web Key Set"), ("{\"keys\":{}}", "is no JSON Web Key Set"),
            ("", "is no JSON Web Key Set"),
            ("{\"keys\":[1]}", "Element 1 of keys"), ("{\"keys\":[{\"kty\":\"RSA\"}]}", "There is no n in key 1"),
            ("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", "make no key of an allowed size"),
            ("{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"AAAA\"}]}", "make no key"),
            ("{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}]}", "base64url of at least 32 bytes"),
        ])
    func brokenSets(text: String, expected: String) async throws {
        let message = try await message { .keySet(try $0.write("jwks.json", text)) }
        #expect(message.contains(expected), "\(message)")
    }
}
