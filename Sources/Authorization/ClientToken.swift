public import TaskModel

/// A token of one's own, to be sent along. Its signature is not looked at: that is the receiver's part.
public struct ClientToken: Sendable {
    /// Whom it speaks for.
    public let subject: String
    /// When it ends.
    public let expires: Timestamp
    /// The header that carries it.
    public let header: EventHeader

    /// Reads a token as a file or a variable has it: with white space around it, with or without `Bearer`.
    ///
    /// - Throws: what is wrong with it.
    public init(_ text: String) throws(TokenRefusal) {
        let words = text.split(whereSeparator: \.isWhitespace)
        let isNamed = words.count == 2 && words[0].lowercased() == "bearer"
        guard words.count == 1 || isNamed, let word = words.last else { throw .malformed("there must be one word") }
        let token = Array(word.utf8)
        try TokenParts.checkSize(token)
        let claims = try TokenParts(token).claims
        subject = try VerifiedToken.subject(claims)
        expires = try VerifiedToken.expiry(claims)
        header = EventHeader(RecordAuthority.header, Array("Bearer ".utf8) + token)
    }
}
