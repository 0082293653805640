import Authorization
import TaskModel
import Testing

@Suite("Roles")
struct RoleTests {
    /// The contract's table: which role may what.
    private static let table: [(permission: String, admin: Bool, user: Bool, viewer: Bool)] = [
        ("task:read", true, true, true),
        ("task:write", true, true, false),
        ("task:delete", true, true, false),
        ("task:execute", true, true, false),
        ("task:manage", true, false, false),
        ("notification:read", true, true, true),
        ("notification:write", true, false, false),
        ("notification:manage", true, false, false),
    ]

    @Test("each role may what the contract says, and nothing else")
    func permissions() throws {
        #expect(Set(Self.table.map(\.permission)) == Set(Permission.allCases.map(\.rawValue)))
        for row in Self.table {
            let permission = try #require(Permission(rawValue: row.permission))
            let allowed: [Role: Bool] = [.admin: row.admin, .user: row.user, .viewer: row.viewer]
            for role in Role.allCases {
                #expect(Role.permissions[role]?.contains(permission) == allowed[role], "\(role) \(row.permission)")
            }
        }
    }

    @Test("roles add up; names that are none of Pandar's allow nothing")
    func union() async throws {
        let signer = try await Signer.hs256()
        let verifier = try await KeyFolder.verifier(signer)
        func permissions(_ roles: JSONValue?) throws -> Set<Permission> {
            try verifier.principal(try Token(signer).with { $0.claims["roles"] = roles }.text).permissions
        }
        #expect(try permissions(nil) == [])
        #expect(try permissions([]) == [])
        #expect(try permissions(["Admin", "root", "release-managers"]) == [])
        #expect(try permissions(["viewer", "user", "x"]) == Role.permissions[.user])
        #expect(try permissions("admin") == Set(Permission.allCases))
    }
}
