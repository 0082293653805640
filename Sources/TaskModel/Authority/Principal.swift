/// Somebody whose token was verified.
public struct Principal: Hashable, Sendable {
    /// Who it is: the actor of actions and decisions, the requester of tasks.
    public let subject: String
    /// Who issued the token, where it says so.
    public let issuer: String?
    /// The name of the key that the token was verified with, where it has one.
    public let keyID: String?
    /// As the token names them; roles that are none of Pandar's own too, for gates name theirs.
    public let roles: Set<String>
    public let permissions: Set<Permission>
    /// The projects whose tasks are this one's business; `nil` for all.
    public let projects: Set<Int64>?

    public init(
        subject: String, issuer: String? = nil, keyID: String? = nil, roles: Set<String> = [],
        permissions: Set<Permission> = [], projects: Set<Int64>? = nil
    ) {
        self.subject = subject
        self.issuer = issuer
        self.keyID = keyID
        self.roles = roles
        self.permissions = permissions
        self.projects = projects
    }

    /// Whether a task of that project, asked for by `requester`, is this one's business: projects bind nobody who may
    /// manage tasks, and everybody's own tasks are his.
    public func mayTouch(project: Int64, requester: String?) -> Bool {
        guard let projects, !permissions.contains(.manageTasks) else { return true }
        return projects.contains(project) || requester == subject
    }
}
