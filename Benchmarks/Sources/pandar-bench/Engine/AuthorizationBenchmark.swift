import Authorization
import Crypto
import Foundation
import TaskModel

/// Signed decisions: the token and what it allows, on one thread.
struct AuthorizationBenchmark: Benchmark {
    let name = "authorization"
    let summary = "decisions whose tokens are verified, on one thread"

    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pandar-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let secret = SymmetricKey(size: .bits256)
        let pair = P256.Signing.PrivateKey()
        let pem = folder.appendingPathComponent("es.pem")
        try Data(pair.publicKey.pemRepresentation.utf8).write(to: pem)
        let keys = try await KeyStore(
            [.secret(secret.withUnsafeBytes(Array.init), variable: "hs"), .publicKeys(pem.path)], logger: Console.logger
        )

        let count = 50_000
        let fresh = (0..<count).map { number in
            Self.decision(number) { Array(HMAC<SHA256>.authenticationCode(for: $0, using: secret)) }
        }
        // Repeated, these are as new as before: there are more of them than it remembers.
        let verifier = TokenVerifier(keys: keys)
        let rate = try Self.rate(fresh, verifier)
        // The signature alone, over what it covers.
        let covered = fresh.map { record in
            Array(
                (record.headers.first?.value ?? []).dropFirst(7).split(separator: UInt8(ascii: ".")).prefix(2).joined())
        }
        var sink = 0
        let baseline = Measure.rate(of: count) {
            for bytes in covered {
                sink &+= Int(HMAC<SHA256>.authenticationCode(for: bytes, using: secret).first { _ in true } ?? 0)
            }
        }
        withExtendedLifetime(sink) {}

        // Few people, many decisions.
        let known = (0..<count).map { fresh[$0 % 100] }
        let rateKnown = try Self.rate(known, verifier)
        let curve = try (0..<2000).map { number in
            try Self.decision(number, algorithm: "ES256", kid: "es") {
                try Array(pair.signature(for: $0).rawRepresentation)
            }
        }
        return [
            Figure(
                "signed_decision_rate", rate, "decisions/s", baseline: baseline,
                comparison: "HMAC alone, each token new"),
            Figure("signed_decision_known_rate", rateKnown, "decisions/s"),
            Figure(
                "signed_decision_es256_rate", try Self.rate(curve, TokenVerifier(keys: keys, remembered: 0)),
                "decisions/s"),
        ]
    }

    /// Whose decisions they are, and whether he may, as the service finds it out.
    private static func rate(_ records: [InboundRecord], _ verifier: TokenVerifier) throws -> Double {
        let authority = RecordAuthority.signed(verifier)
        var accepted = 0
        let rate = Measure.rate(of: records.count) {
            accepted = 0
            for var record in records {
                record.authority = authority.authority(of: record, now: now)
                guard !record.authority.isRefused, (try? InboundMessage.decode(record)) != nil else { continue }
                accepted += 1
            }
        }
        guard accepted == records.count else {
            throw BenchError("Only \(accepted) of \(records.count) decisions were accepted.")
        }
        return rate
    }

    private static func decision(
        _ number: Int, algorithm: String = "HS256", kid: String = "hs", sign: (Data) throws -> [UInt8]
    ) rethrows -> InboundRecord {
        let header = #"{"alg":"\#(algorithm)","typ":"JWT","kid":"\#(kid)"}"#
        let claims =
            #"{"iss":"https://id.example","aud":["pandar"],"sub":"user-\#(number)","iat":1799999000,"#
            + #""exp":1800003600,"roles":["user","release-managers"],"projects":[1,2,3],"jti":"\#(number)"}"#
        let signed = [header, claims].map { base64(Array($0.utf8)) }.joined(separator: ".")
        let token = signed + "." + base64(try sign(Data(signed.utf8)))
        let value = #"{"confirmation_id":"t-\#(number)/2","task_id":"t-\#(number)","decision":"approve"}"#
        return InboundRecord(
            channel: .confirmations, topic: "pandar.task-confirmations", partition: 0, offset: Int64(number), key: nil,
            value: Array(value.utf8), headers: [EventHeader("authorization", "Bearer " + token)], timestamp: now)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
