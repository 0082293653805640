import Foundation
import Gates

/// A local repository with two bare ones as its remotes, in a directory of its own that nothing else reaches.
final class GitPlayground {
    let root: URL
    var work: String { root.path + "/work" }
    let environment: [String: String]

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("pandar-gates-\(UUID().uuidString)")
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": root.path,
            "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b",
        ]
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        try run("init", "-q", "-b", "main", ".")
        for name in ["one", "two"] { try run("init", "-q", "--bare", "\(root.path)/\(name).git") }
        try run("commit", "-q", "--allow-empty", "-m", "first")
        for branch in ["feature", "release/1", "other"] { try run("branch", branch) }
        try run("tag", "-a", "v1", "-m", "v1")
        try run("push", "-q", root.path + "/one.git", "main", "feature", "release/1", "v1", "main:elsewhere")
        try run("push", "-q", root.path + "/two.git", "main", "other")
        // Something to push on each.
        for branch in ["main", "feature", "release/1", "other"] {
            try run("checkout", "-q", branch)
            try run("commit", "-q", "--allow-empty", "-m", "more")
        }
        try run("tag", "v2")
        try run("symbolic-ref", "refs/heads/innocent", "refs/heads/main")
        try run("remote", "add", "origin", root.path + "/one.git")
        try run("fetch", "-q", "origin")
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    struct Failure: Error { let arguments: [String] }

    /// Runs git in the repository.
    @discardableResult
    func run(_ arguments: String...) throws -> [UInt8] {
        let (status, output) = try git(arguments)
        guard status == 0 else { throw Failure(arguments: arguments) }
        return output
    }

    func git(_ arguments: [String], _ extra: [String: String] = [:]) throws -> (status: Int32, output: [UInt8]) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: work)
        process.environment = environment.merging(extra) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return (process.terminationStatus, bytes)
    }

    /// What git says about the repository.
    func facts() throws -> RepositoryFacts {
        let head = try git(["symbolic-ref", "-q", "--short", "HEAD"])
        let references = try run("for-each-ref", "--format=%(refname) %(symref)")
        let lines = String(decoding: references, as: UTF8.self).split(separator: "\n")
        return RepositoryFacts(
            configurationListing: try run("config", "--list", "-z", "--includes"),
            currentBranch: head.status == 0
                ? String(decoding: head.output, as: UTF8.self).trimmingCharacters(in: .newlines) : nil,
            references: lines.map { line in
                let parts = line.split(separator: " ")
                return .init(String(parts[0]), target: parts.count > 1 ? String(parts[1]) : nil)
            })
    }

    /// The references of a remote that a push would change, by `git push --dry-run --porcelain`.
    static func destinations(_ porcelain: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        for line in String(decoding: porcelain, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard parts.count == 3, let colon = parts[1].lastIndex(of: ":") else { continue }
            found.insert(String(parts[1][parts[1].index(after: colon)...]))
        }
        return found
    }
}
