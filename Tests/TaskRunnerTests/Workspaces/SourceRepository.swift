import Foundation
import Testing

@testable import TaskRunner

/// A repository that a test makes with git itself.
struct SourceRepository {
    let place: Place
    let name: String

    var path: String { place / name }

    /// With a branch `main` of two commits, a branch `side`, and a tag `v1` on the first commit.
    init(_ place: Place, _ name: String = "repository") throws {
        self.place = place
        self.name = name
        try place.directory(name)
        try git("init", "--quiet", "--initial-branch=main")
        try commit("file", "one")
        try git("tag", "v1")
        try git("branch", "side")
        try commit("file", "two")
    }

    @discardableResult
    func git(_ arguments: String...) throws -> String {
        try output(
            of: ["git", "-C", path] + arguments,
            environment: [
                "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a",
                "GIT_AUTHOR_EMAIL": "a@example.invalid", "GIT_COMMITTER_NAME": "a",
                "GIT_COMMITTER_EMAIL": "a@example.invalid", "HOME": "/nonexistent",
            ])
    }

    func commit(_ file: String, _ text: String) throws {
        try place.write("\(name)/\(file)", text)
        try git("add", "--all")
        try git("commit", "--quiet", "-m", String(text.prefix(20)))
    }

    func project(ref: String? = nil, depth: Int = 0) -> Project {
        Project(id: 1, name: "test", source: .repository(Repository(location: path, ref: ref, depth: depth)))
    }
}
