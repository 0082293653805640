import Foundation
import Logging
import TaskModel
import Testing

@testable import TaskRunner

/// A temporary directory of a test, removed with whatever stands in it.
final class Place: Sendable {
    let path: String

    init() throws {
        path = URL.temporaryDirectory.appending(path: "pandar-place-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        if let directory = try? Directory(path: path) { try? TreeRemoval.empty(directory) }
        rmdir(path)
    }

    static func / (place: Place, name: String) -> String { "\(place.path)/\(name)" }

    @discardableResult
    func directory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: self / name, withIntermediateDirectories: true)
        return self / name
    }

    @discardableResult
    func write(_ name: String, _ text: String = "x", mode: mode_t = 0o644) throws -> String {
        try directory((name as NSString).deletingLastPathComponent)
        try Data(text.utf8).write(to: URL(filePath: self / name))
        chmod(self / name, mode)
        return self / name
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: self / name, encoding: .utf8) }

    func names(_ name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: self / name).sorted()
    }

    func status(_ name: String) throws -> stat {
        var status = stat()
        try #require(lstat(self / name, &status) == 0, "no \(name)")
        return status
    }

    func exists(_ name: String) -> Bool {
        var status = stat()
        return lstat(self / name, &status) == 0
    }
}

/// What a program prints; it must succeed.
@discardableResult
func output(of arguments: [String], environment: [String: String] = [:]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C"].merging(environment) {
        $1
    }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(arguments.joined(separator: " ")) failed")
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
}

func attempt(_ task: String = "task", _ number: Int = 1) throws -> AttemptRef {
    AttemptRef(taskID: try #require(TaskID(task)), attempt: number)
}

func quietStore(_ settings: WorkspaceSettings) throws -> WorkspaceStore {
    try WorkspaceStore(settings, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
}
