import Foundation
import Testing

/// A directory of the machine with a file that nobody may read or change, and a secret that nobody can guess.
final class Canary: Sendable {
    let secret = UUID().uuidString
    let directory: String
    var file: String { "\(directory)/tasks.sqlite" }

    init() throws {
        directory = URL.temporaryDirectory.appending(path: "pandar-canary-\(secret.prefix(8))").path()
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try secret.write(toFile: file, atomically: false, encoding: .utf8)
        chmod(file, 0o666)
        chmod(directory, 0o777)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// The file is alone in its directory and as it was.
    var isUntouched: Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) == ["tasks.sqlite"]
            && (try? String(contentsOfFile: file, encoding: .utf8)) == secret
    }
}

/// A process of the machine that holds a secret in its environment and in its memory, as the service does.
final class CanaryProcess: Sendable {
    let environmentSecret = UUID().uuidString
    let memorySecret = UUID().uuidString
    let address: String
    let pid: Int32
    private let process = Process()
    private let input = Pipe()

    init() throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // It ends when its input does: also with tests that are killed. The second secret comes over standard input, so
        // that no command line and no environment holds it.
        let script = """
            import ctypes, sys
            secret = ctypes.create_string_buffer(sys.stdin.readline().strip().encode())
            print(ctypes.addressof(secret), flush=True)
            sys.stdin.read()
            """
        process.arguments = ["python3", "-c", script]
        process.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "PANDAR_CANARY": environmentSecret]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        pid = process.processIdentifier
        try input.fileHandleForWriting.write(contentsOf: Data("\(memorySecret)\n".utf8))
        var bytes: [UInt8] = []
        while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != 10 { bytes.append(byte) }
        address = String(decoding: bytes, as: UTF8.self)
        try #require(UInt64(address) != nil, "the canary process has not begun")
    }

    deinit {
        if process.isRunning { kill(pid, SIGKILL) }
    }

    var isAlive: Bool { HostProcess.isAlive(pid) }
}
