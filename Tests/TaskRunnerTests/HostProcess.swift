import Foundation
import Testing

/// The program `test-host` in a directory of its own.
final class HostProcess: Sendable {
    let directory: URL
    private let process = Process()
    private let output = Pipe()

    init(_ arguments: [String]) throws {
        directory = URL.temporaryDirectory.appending(path: "pandar-host-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        process.executableURL = try Self.program
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.standardOutput = output
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: directory)
    }

    /// Beside the tests' own program, where SwiftPM builds it.
    private static var program: URL {
        get throws { try built("test-host") }
    }

    /// A program of this package.
    static func built(_ name: String) throws -> URL {
        let place = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let program = place.appending(path: name)
        try #require(FileManager.default.isExecutableFile(atPath: program.path()), "no \(program.path())")
        return program
    }

    /// Where the program is.
    static func path() throws -> String { try program.path() }

    /// The next line that the program prints. Blocks.
    func line() -> String {
        var bytes: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Lines of `name=number …` until the program ends.
    func figures() async throws -> [String: Int] {
        // Some programs take a minute: on the threads that all tests share they would hold the others up.
        // A host that hangs shall fail: it would hold the pipes of whoever runs the tests.
        let deadline = DispatchWorkItem { [process] in
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + 400, execute: deadline)
        defer { deadline.cancel() }
        let data = await withCheckedContinuation { continuation in
            let thread = Thread { [self] in
                let data = (try? output.fileHandleForReading.readToEnd()) ?? Data()
                process.waitUntilExit()
                continuation.resume(returning: data)
            }
            thread.start()
        }
        try #require(process.terminationStatus == 0, "the host failed")
        var figures: [String: Int] = [:]
        for word in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace) {
            let parts = word.split(separator: "=")
            if parts.count == 2 { figures[String(parts[0])] = Int(parts[1]) }
        }
        return figures
    }

    func killHard() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Whether a process runs: one that has ended and waits for its parent does not.
    static func isAlive(_ pid: Int32) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
        let state = stat.split(separator: ")").last?.split(separator: " ").first
        return state != "Z" && state != "X"
    }
}
