import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("Addresses of repositories, and what of them is shown")
struct RepositoryAddressTests {
    @Test(
        "Paths, URLs and ssh's short form are addresses",
        arguments: [
            "/srv/git/a.git", "https://example.invalid/a.git", "http://example.invalid/a", "git://example.invalid/a",
            "ssh://git@example.invalid:2222/a.git", "git@example.invalid:a/b.git", "file:///srv/a",
        ])
    func allowed(text: String) {
        #expect(GitLocation.objection(text) == nil)
    }

    @Test(
        "Helpers, options, passwords and relative paths are none",
        arguments: [
            "ext::sh -c id", "fd::3", "-x", "--upload-pack=id", "", "relative/path", "ftp://example.invalid/a",
            "https://user:password@example.invalid/a", "https://token@example.invalid/a",
            "ssh://git:password@example.invalid/a", "/a\nb", "ext::id", ":path",
        ])
    func refused(text: String) {
        #expect(GitLocation.objection(text) != nil)
    }

    @Test("A password in an address does not get into an error")
    func password() throws {
        let place = try Place()
        let store = try quietStore(WorkspaceSettings(root: place / "root"))
        let location = "http://user:pass-word@127.0.0.1:1/a.git"
        let project = Project(id: 1, name: "test", source: .repository(Repository(location: location)))
        let error = #expect(throws: WorkspaceError.self) { try store.prepare(attempt(), project) }
        #expect(error?.message.contains("http://***@127.0.0.1:1/a.git") == true)
        #expect(error?.message.contains("pass-word") == false)
    }

    @Test("A token is sent as a password, and is in no argument and no error")
    func token() throws {
        let place = try Place()
        // Tells what it was started with, instead of git.
        try place.write(
            "bin/git",
            "#!/bin/sh\necho \"$@\" >> \(place / "arguments")\nenv >> \(place / "environment")\n"
                + "echo \"fatal: $GIT_CONFIG_VALUE_0 hunter2-token\" >&2; exit 1\n",
            mode: 0o755)
        let token = try place.write("token", "hunter2-token\n")
        let store = try quietStore(WorkspaceSettings(root: place / "root", path: place / "bin" + ":/usr/bin:/bin"))
        let repository = Repository(location: "https://example.invalid/a.git", token: .file(token))
        let project = Project(id: 1, name: "test", source: .repository(repository))
        let error = #expect(throws: WorkspaceError.self) { try store.prepare(attempt(), project) }
        let message = try #require(error?.message)
        let header = Data("x-access-token:hunter2-token".utf8).base64EncodedString()
        #expect(message.contains("Authorization: Basic eC1hY2Nlc3MtdG9rZW46***"))
        #expect(!message.contains("hunter2") && !message.contains(header))
        #expect(try !place.read("arguments").contains("hunter2"))
        let environment = try place.read("environment")
        #expect(environment.contains("GIT_CONFIG_KEY_0=http.https://example.invalid/a.git.extraHeader"))
        #expect(environment.contains(header))
        #expect(environment.contains("GIT_TERMINAL_PROMPT=0"))
    }

    @Test("git that does not end is ended, and one that is missing is told")
    func noGit() throws {
        let place = try Place()
        try place.write("bin/git", "#!/bin/sh\nsleep 600 & sleep 600\n", mode: 0o755)
        let project = Project(id: 1, name: "test", source: .repository(Repository(location: "/none")))
        let slow = try quietStore(
            WorkspaceSettings(root: place / "slow", gitSeconds: 1, path: place / "bin" + ":/usr/bin:/bin"))
        let timeout = #expect(throws: WorkspaceError.self) { try slow.prepare(attempt(), project) }
        #expect(timeout?.code == .timedOut)
        let none = try quietStore(WorkspaceSettings(root: place / "none", path: place / "empty"))
        let missing = #expect(throws: WorkspaceError.self) { try none.prepare(attempt(), project) }
        #expect(missing?.code == .noGit)
    }
}
