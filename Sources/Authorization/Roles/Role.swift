public import TaskModel

/// The contract's roles.
public enum Role: String, Sendable, CaseIterable {
    case admin, user, viewer

    /// What each role may do.
    public static let permissions: [Role: Set<Permission>] = [
        .admin: Set(Permission.allCases),
        .user: [.readTasks, .writeTasks, .deleteTasks, .executeTasks, .readNotifications],
        .viewer: [.readTasks, .readNotifications],
    ]

    /// What somebody with these roles may do. Names that are no roles of Pandar's own allow nothing.
    static func permissions(of names: some Sequence<String>) -> Set<Permission> {
        names.reduce(into: []) { all, name in
            guard let role = Role(rawValue: name) else { return }
            all.formUnion(permissions[role] ?? [])
        }
    }
}
