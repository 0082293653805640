import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("A repository's project has a clone of its own")
struct RepositoryTests {
    private let place: Place
    private let source: SourceRepository
    private let store: WorkspaceStore

    init() throws {
        place = try Place()
        source = try SourceRepository(place)
        store = try quietStore(WorkspaceSettings(root: place / "root", fetchSeconds: 0))
    }

    private func git(_ workspace: Workspace, _ arguments: String...) throws -> String {
        try output(of: ["git", "-C", workspace.directory, "-c", "safe.directory=*"] + arguments)
    }

    @Test(
        "at the branch, tag or commit that the project names", arguments: [0, 1],
        [
            (nil, "two", "main"), ("main", "two", "main"), ("side", "one", "side"), ("refs/heads/side", "one", "side"),
            ("v1", "one", "HEAD"), ("refs/tags/v1", "one", "HEAD"), ("COMMIT", "one", "HEAD"),
        ] as [(String?, String, String)])
    func refs(depth: Int, expected: (ref: String?, text: String, branch: String)) throws {
        let ref = expected.ref == "COMMIT" ? try source.git("rev-parse", "v1") : expected.ref
        let workspace = try store.prepare(attempt(), source.project(ref: ref, depth: depth))
        #expect(try String(contentsOfFile: workspace.directory + "/file", encoding: .utf8) == expected.text)
        #expect(try git(workspace, "rev-parse", "--abbrev-ref", "HEAD") == expected.branch)
        #expect(try git(workspace, "status", "--porcelain") == "")
        #expect(try git(workspace, "remote", "get-url", "origin") == source.path)
        if expected.branch != "HEAD" {
            #expect(try git(workspace, "rev-parse", "--abbrev-ref", "@{upstream}") == "origin/\(expected.branch)")
        }
        let count = try git(workspace, "rev-list", "--count", "HEAD")
        #expect(count == (depth == 0 && expected.text == "two" ? "2" : "1"))
    }

    @Test(
        "A name that the repository does not have is an error that tells it",
        arguments: ["none", "-x", "v1^", "1234567"])
    func unknownRef(name: String) throws {
        let error = #expect(throws: WorkspaceError.self) { try store.prepare(attempt(), source.project(ref: name)) }
        #expect(error?.code == .unknownRef)
        #expect(error?.message.hasSuffix("of project 1 has no \(name); check `ref`.") == true)
    }

    @Test("A mirror goes when its project is gone or has another address, and stays otherwise")
    func unusedMirrors() throws {
        _ = try store.prepare(attempt(), source.project())
        let mirrors = { try self.place.names("root/.mirrors").filter { $0.hasSuffix(".git") } }
        #expect(try mirrors().count == 1)
        store.removeMirrors(unusedBy: ProjectCatalog([source.project()]))
        store.removeMirrors(unusedBy: ProjectCatalog([], default: source.project()))
        #expect(try mirrors().count == 1)
        store.removeMirrors(unusedBy: .open)
        #expect(try mirrors() == [])
        _ = try store.prepare(attempt("again"), source.project())
        let moved = Project(id: 1, name: "test", source: .repository(Repository(location: "/elsewhere")))
        store.removeMirrors(unusedBy: ProjectCatalog([moved]))
        #expect(try mirrors() == [])
    }

    @Test("A repository without commits gives one without commits")
    func unborn() throws {
        let empty = place / "empty"
        try output(of: ["git", "init", "--quiet", "--bare", empty])
        let project = Project(id: 1, name: "test", source: .repository(Repository(location: empty)))
        let workspace = try store.prepare(attempt(), project)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.directory) == [".git"])
    }

    @Test("Whatever a task does to its clone, the repository, the mirror and other clones stay whole")
    func damage() throws {
        let first = try store.prepare(attempt("first"), source.project())
        let second = try store.prepare(attempt("second"), source.project())
        let shared = try output(of: ["find", place.path, "-type", "f", "-links", "+1"])
        #expect(shared == "", "no file has two names")
        #expect(!FileManager.default.fileExists(atPath: first.directory + "/.git/objects/info/alternates"))
        try output(of: [
            "sh", "-c",
            "cd \(first.directory)/.git && find . -type f -exec chmod 600 {} + && find . -type f | while read f; do echo x > $f; done",
        ])
        for path in try [source.path, second.directory] + mirrors() {
            try output(of: ["git", "-c", "safe.directory=*", "-C", path, "fsck", "--full", "--strict"])
        }
        let third = try store.prepare(attempt("third"), source.project())
        #expect(try git(third, "status", "--porcelain") == "")
    }

    private func mirrors() throws -> [String] {
        try place.names("root/.mirrors").filter { $0.hasSuffix(".git") }.map { place / "root/.mirrors/\($0)" }
    }

    @Test("Nothing that a repository brings along is run")
    func hooks() throws {
        let marker = place / "marker"
        for hook in ["post-checkout", "post-update", "pre-receive", "reference-transaction", "post-index-change"] {
            try place.write("repository/.git/hooks/\(hook)", "#!/bin/sh\ntouch \(marker)\n", mode: 0o755)
        }
        try source.git("config", "core.fsmonitor", "touch \(marker)")
        try source.git("config", "uploadpack.packObjectsHook", "touch \(marker)")
        try source.git("config", "filter.evil.smudge", "touch \(marker)")
        try source.git("config", "core.sshCommand", "touch \(marker)")
        // The repository's own settings would run now, too.
        try? FileManager.default.removeItem(atPath: marker)
        try place.write(
            "repository/.gitmodules", "[submodule \"s\"]\n\tpath = s\n\turl = ext::sh -c 'touch \(marker)'\n")
        try place.write("repository/.gitattributes", "* filter=evil\n")
        try source.git("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "add", ".gitmodules")
        try source.git(
            "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "commit", "--quiet", "-m", "evil")
        try? FileManager.default.removeItem(atPath: marker)
        for depth in [0, 1] {
            _ = try store.prepare(attempt("task", depth + 1), source.project(depth: depth))
        }
        #expect(!place.exists("marker"))
    }

    @Test(
        "An address that would run a program is refused", arguments: ["ext::sh -c touch% MARKER", "-uMARKER", "fd::3"])
    func helpers(address: String) throws {
        let location = address.replacing("MARKER", with: place / "marker")
        let project = Project(id: 1, name: "test", source: .repository(Repository(location: location)))
        #expect(throws: WorkspaceError.self) { try store.prepare(attempt(), project) }
        #expect(!place.exists("marker"))
    }

    @Test("What is new is fetched; where that fails the older state is used, with a warning")
    func news() throws {
        let first = try store.prepare(attempt("first"), source.project())
        #expect(first.warnings == [])
        try source.commit("file", "three")
        try source.git("branch", "new")
        let second = try store.prepare(attempt("second"), source.project(ref: "new"))
        #expect(try String(contentsOfFile: second.directory + "/file", encoding: .utf8) == "three")
        rename(source.path, source.path + "-away")
        let third = try store.prepare(attempt("third"), source.project())
        #expect(try String(contentsOfFile: third.directory + "/file", encoding: .utf8) == "three")
        #expect(third.warnings.count == 1)
        #expect(third.warnings.first?.contains("an older state was used") == true)
    }

    @Test("A mirror that is up to date is not asked again")
    func fresh() throws {
        let store = try quietStore(WorkspaceSettings(root: place / "other", fetchSeconds: 3600))
        _ = try store.prepare(attempt("first"), source.project())
        try source.commit("file", "three")
        let second = try store.prepare(attempt("second"), source.project())
        #expect(try String(contentsOfFile: second.directory + "/file", encoding: .utf8) == "two")
    }

    @Test("A mirror that is broken is made anew", arguments: ["objects", "HEAD", "refs"])
    func broken(part: String) throws {
        _ = try store.prepare(attempt("first"), source.project())
        let mirror = try #require(try mirrors().first)
        try FileManager.default.removeItem(atPath: mirror + "/" + part)
        if part == "refs" { try? FileManager.default.removeItem(atPath: mirror + "/packed-refs") }
        let second = try store.prepare(attempt("second"), source.project())
        #expect(try String(contentsOfFile: second.directory + "/file", encoding: .utf8) == "two")
    }

    @Test("Several attempts of one project are prepared at once")
    func parallel() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<6 {
                group.addTask {
                    let workspace = try store.prepare(attempt("task-\(index)"), source.project())
                    #expect(try git(workspace, "status", "--porcelain") == "")
                }
            }
            try await group.waitForAll()
        }
        #expect(try mirrors().count == 1)
    }

    @Test("A clone larger than the limit is an error, and leaves nothing")
    func tooLarge() throws {
        var noise = ""
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<200_000 { noise += String(generator.next(), radix: 36) }
        try source.commit("large", noise)
        var project = source.project()
        project.diskLimitMB = 1
        let error = #expect(throws: WorkspaceError.self) { try store.prepare(attempt(), project) }
        #expect(error?.code == .tooLarge)
        store.finishRemovals()
        #expect(try place.names("root").filter { !$0.hasPrefix(".") } == [])
        #expect(try place.names("root/.making") == [])
    }

    @Test("A repository that is somebody else's can be cloned")
    func foreign() throws {
        guard geteuid() == 0 else { return print("not run: giving files away takes root") }
        try output(of: ["chown", "-R", "65534:65534", source.path])
        #expect(throws: Never.self) { try store.prepare(attempt(), source.project()) }
    }
}
