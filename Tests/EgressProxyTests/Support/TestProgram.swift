import Foundation
import Testing

/// A child process whose first line of output is wanted.
final class TestProgram {
    struct Failure: Error { let detail: String }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let programs = root.appendingPathComponent("Tests/EgressProxyTests/Programs")

    /// A file that tests make, with what was built.
    static func made(_ name: String) throws -> String {
        let folder = root.appendingPathComponent(".build/egress-proxy-tests")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appendingPathComponent(name).path
    }

    let firstLine: String
    private let process = Process()
    private let input = Pipe()

    init(_ arguments: [String]) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        var line: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { line.append(byte) }
        firstLine = String(decoding: line, as: UTF8.self)
    }

    deinit { stop() }

    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    func stop() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Runs it to its end.
    ///
    /// - Returns: its status and all that it wrote.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> (
        status: Int32, output: String
    ) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.lowercased().hasSuffix("proxy") }
            .merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// Compiles the forwarder, with sanitizers where the compiler has them.
    static let forwarder: Result<String, any Error> = Result {
        let path = try made("forward")
        let source = root.appendingPathComponent("Sources/pandar-init")
        let arguments = [
            "-std=c11", "-Wall", "-Wextra", "-Werror", "-O1", "-g", "-I", source.path, "-o", path,
            source.appendingPathComponent("forward.c").path, programs.appendingPathComponent("forward-main.c").path,
        ]
        var output = ""
        for sanitizers in [["-fsanitize=address,undefined"], []] {
            for compiler in ["clang", "cc", "gcc"] {
                let result = try run([compiler] + sanitizers + arguments)
                if result.status == 0 { return path }
                output += result.output
            }
        }
        throw Failure(detail: output)
    }

    /// Starts the forwarder before a socket, with at most so many descriptors.
    static func forward(to socket: String, descriptors: Int? = nil) throws -> (program: TestProgram, port: Int) {
        let program = try TestProgram([forwarder.get(), socket] + (descriptors.map { ["\($0)"] } ?? []))
        guard let port = Int(program.firstLine) else { throw Failure(detail: "the forwarder did not start") }
        return (program, port)
    }
}
