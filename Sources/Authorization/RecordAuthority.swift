public import TaskModel

/// Whose word counts for what comes in over Kafka (`auth.kafka`).
public enum RecordAuthority: Sendable {
    /// The topics' access rules decide who may write, and what a record says of its sender is believed.
    case trusted
    /// Every request, action and decision carries a token.
    case signed(TokenVerifier)

    /// The header with the token.
    public static let header = "authorization"

    /// Whether a header of that name is the one with the token: case does not matter.
    public static func isHeader(_ name: String) -> Bool {
        name.utf8.count == header.utf8.count && zip(name.utf8, header.utf8).allSatisfy { lowercase($0) == $1 }
    }

    /// On whose authority `record` asks, as of now.
    ///
    /// A token must count at the moment when the broker took the record in: Pandar may have been away since. Where the
    /// topic has its producers' times instead, that moment is anybody's word, and the token must count now.
    public func authority(of record: InboundRecord, now: Timestamp) -> Authority {
        // Reports come from other instances, which the reports topic's access rules let through alone.
        guard case .signed(let verifier) = self, record.channel != .reports else { return .trusted }
        do throws(TokenRefusal) {
            let token = try Self.token(record.headers)
            return .verified(try verifier.verify(token, at: min(now, record.appendedAt ?? now)))
        } catch {
            return .refused(error.violation)
        }
    }

    /// The bytes of the one token in the headers.
    static func token(_ headers: [EventHeader]) throws(TokenRefusal) -> [UInt8] {
        let carriers = headers.filter { isHeader($0.name) }
        guard let carrier = carriers.first else {
            throw TokenRefusal(
                .missing, "The record carries no token; send it with the header authorization: Bearer TOKEN.")
        }
        guard carriers.count == 1 else {
            throw TokenRefusal(
                .several,
                "The record has the header authorization \(carriers.count) times; it must be clear who sends it.")
        }
        let value = carrier.value ?? []
        let scheme = Array("bearer ".utf8)
        guard value.count > scheme.count, zip(value, scheme).allSatisfy({ lowercase($0) == $1 }) else {
            throw TokenRefusal.malformed("the header does not begin with Bearer")
        }
        let token = value.dropFirst(scheme.count).drop { $0 == 0x20 }
        guard !token.contains(0x20), !token.contains(UInt8(ascii: ",")) else {
            throw TokenRefusal(.several, "The header authorization must hold one token and nothing else.")
        }
        return Array(token)
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }
}
