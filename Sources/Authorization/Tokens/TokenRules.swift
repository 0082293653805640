/// What tokens must say, beside being signed.
public struct TokenRules: Hashable, Sendable {
    /// What `iss` must be; `nil` where any issuer counts that has one of the keys.
    public var issuer: String?
    /// What `aud` must contain; `nil` where it does not matter.
    public var audience: String?
    /// The claim that holds the roles: its name, or a path with dots (`realm_access.roles`).
    public var rolesClaim: String
    /// Seconds by which the clocks of issuers, brokers and instances may differ.
    public var toleranceSeconds: Int

    public init(
        issuer: String? = nil, audience: String? = nil, rolesClaim: String = "roles", toleranceSeconds: Int = 30
    ) {
        self.issuer = issuer
        self.audience = audience
        self.rolesClaim = rolesClaim
        self.toleranceSeconds = toleranceSeconds
    }
}
