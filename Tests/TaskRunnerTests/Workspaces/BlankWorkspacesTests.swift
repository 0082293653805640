import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("An empty workspace that nobody touched is the next attempt's")
struct BlankWorkspacesTests {
    private let place: Place
    private let store: WorkspaceStore
    private let project = Project(id: 1, name: "test")

    init() throws {
        place = try Place()
        store = try quietStore(WorkspaceSettings(root: place / "root"))
    }

    /// The numbers of the inodes of an attempt's directories.
    private func inodes(_ workspace: Workspace) throws -> [ino_t] {
        try workspace.writable.map { path in
            var status = stat()
            try #require(stat(path, &status) == 0)
            return status.st_ino
        }
    }

    @Test("Untouched directories have another name, and nothing but the name is another")
    func untouched() throws {
        let first = try store.prepare(attempt("first"), project)
        let inodes = try inodes(first)
        store.remove(first, .succeeded)
        #expect(!place.exists("root/first-1"))
        let second = try store.prepare(attempt("second"), project)
        #expect(try self.inodes(second) == inodes)
        #expect(second.directory == place / "root/second-1/workspace")
        #expect(!second.isReused)
        // The first's are the second's now: a third has its own.
        #expect(try self.inodes(store.prepare(attempt("third"), project)) != inodes)
    }

    /// What a task may do to its directories, as a shell's command that is run in the base.
    static let touches = [
        "touch workspace/file", "mkdir home/.cache", "touch workspace/.hidden", "chmod 755 workspace", "chmod u-w home",
        "chmod 0 workspace", "chmod +t home", "chmod g+s workspace", "rmdir workspace", "rmdir home && ln -s /tmp home",
        "rmdir home && touch home", "touch record.json", "chattr +d workspace", "chattr +A home", "chattr +i workspace",
        "python3 -c 'import os; os.setxattr(\"home\", \"user.note\", b\"of the last attempt\")'",
        "python3 -c 'import os; os.chown(\"workspace\", 12345, -1)'",
        // The form of an access list: user::rwx, user:12345:rwx, group::---, mask::rwx, other::---.
        """
        python3 -c 'import os, struct; os.setxattr("workspace", "system.posix_acl_default", struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", *entry) for entry in [(1, 7, 2**32 - 1), (2, 7, 12345), (4, 0, 2**32 - 1), (16, 7, 2**32 - 1),
        (32, 0, 2**32 - 1)]))'
        """,
    ]

    @Test("What a task changed goes, and nothing of it is left to the next", arguments: touches)
    func touched(command: String) throws {
        let first = try store.prepare(attempt("first"), project)
        #expect(BlankWorkspaces.isBlank(first.base, owner: nil))
        do {
            try output(of: ["sh", "-c", "cd '\(first.base)' && \(command)"])
        } catch {
            // Not every file system has flags, attributes and owners; who is not root cannot set all of them.
            guard command.hasPrefix("chattr") || command.hasPrefix("python3") else { throw error }
            print("not run: \(command), which this file system or user cannot do; ext4 and root can: \(error)")
            return
        }
        #expect(!BlankWorkspaces.isBlank(first.base, owner: nil))
        store.remove(first, .succeeded)
        store.finishRemovals()
        #expect(try place.names("root/.trash") == [] && place.names("root/.making") == [])
        let second = try store.prepare(attempt("second"), project)
        #expect(BlankWorkspaces.isBlank(second.base, owner: nil))
    }

    @Test(
        "Another owner's become this owner's, and those of a task's own user are not the service's",
        .enabled(if: geteuid() == 0, "only root gives directories away"))
    func owners() throws {
        let first = try store.prepare(attempt("first"), project, owner: FileOwner(user: 12345, group: 12345))
        let inodes = try inodes(first)
        store.remove(first, .failed)
        let own = try store.prepare(attempt("own"), project)
        #expect(try self.inodes(own) != inodes)
        let second = try store.prepare(attempt("second"), project, owner: FileOwner(user: 12346, group: 12346))
        #expect(try self.inodes(second) == inodes)
        #expect(BlankWorkspaces.isBlank(second.base, owner: FileOwner(user: 12346, group: 12346)))
        #expect(try place.status("root/second-1").st_mode & 0o777 == 0o711)
    }

    @Test("A workspace that is kept, or that a later attempt may take up, is not given away")
    func kept() throws {
        let reusable = try store.prepare(attempt("reusable"), project, isReusable: true)
        store.remove(reusable, .succeeded)
        let failing = Project(id: 2, name: "kept", keep: .onFailure)
        store.remove(try store.prepare(attempt("failing"), failing), .failed)
        #expect(try place.names("root/.making") == [])
        #expect(place.exists("root/failing-1"))
    }

    @Test("They are bounded, and none is left after a crash")
    func bounded() throws {
        let many = try (0..<BlankWorkspaces.limit + 3).map { try store.prepare(attempt("task-\($0)"), project) }
        for workspace in many { store.remove(workspace, .succeeded) }
        store.finishRemovals()
        #expect(try place.names("root/.making").count == BlankWorkspaces.limit)
        #expect(try place.names("root/.trash") == [])
    }

    @Test("A service that starts after a crash has none")
    func crash() throws {
        do {
            let store = try quietStore(WorkspaceSettings(root: place / "other"))
            store.remove(try store.prepare(attempt("first"), project), .succeeded)
            #expect(try place.names("other/.making").count == 1)
        }
        let next = try quietStore(WorkspaceSettings(root: place / "other"))
        next.finishRemovals()
        #expect(try place.names("other/.making") == [] && place.names("other/.trash") == [])
    }
}
