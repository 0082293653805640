extension InboundMessage {
    /// The message with the token's subject as its actor or requester.
    ///
    /// - Throws: `forbidden` when no role allows it, or when it names somebody else.
    public func attributed(to principal: Principal) throws(ContractViolation) -> InboundMessage {
        if let permission, !principal.permissions.contains(permission) {
            throw Self.forbidden(permission, principal)
        }
        switch self {
        case .request(var request):
            try Self.check(request.requester, "created_by", principal)
            request.createdBy = request.createdBy ?? .string(principal.subject)
            guard principal.mayTouch(project: request.projectID, requester: nil) else {
                throw ContractViolation(
                    .forbidden, field: "project_id",
                    "The token of \(principal.subject) is not for project \(request.projectID); its claim projects must "
                        + "name it.")
            }
            return .request(request)
        case .action(let action):
            try Self.check(action.actor, "actor", principal)
            return .action(
                TaskAction(
                    taskID: action.taskID, verb: action.verb, reason: action.reason, actor: principal.subject))
        case .decision(let decision):
            try Self.check(decision.actor, "actor", principal)
            return self
        case .report: return self
        }
    }

    private static func check(
        _ named: String?, _ field: String, _ principal: Principal
    ) throws(ContractViolation) {
        guard let named, named != principal.subject else { return }
        throw ContractViolation(
            .forbidden, field: field,
            "The field \(field) names \(named), but the token is that of \(principal.subject): leave the field out, or "
                + "sign as the one that it names.")
    }

    private static func forbidden(_ permission: Permission, _ principal: Principal) -> ContractViolation {
        let roles =
            principal.roles.isEmpty ? "no roles" : "the roles \(principal.roles.sorted().joined(separator: ", "))"
        return ContractViolation(
            .forbidden,
            "The token of \(principal.subject) has \(roles), none of which gives \(permission.rawValue); a token with "
                + "the role user or admin does.")
    }
}
