import Foundation

/// Where the programs are that the tests run.
enum Programs {
    /// The program of this build: it lies beside the test bundle.
    static let pandar: String = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = (own as NSString).deletingLastPathComponent + "/pandar"
        let fallback = repository.appendingPathComponent(".build/debug/pandar").path
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : fallback
    }()

    static let repository = folder.deletingLastPathComponent().deletingLastPathComponent()

    /// The folder of these tests.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// The Python of `PANDAR_TEST_PYTHON`, else that of `.venv`, else the system's.
    static let python: String = {
        let local = repository.appendingPathComponent(".venv/bin/python3").path
        return ProcessInfo.processInfo.environment["PANDAR_TEST_PYTHON"]
            ?? (FileManager.default.isExecutableFile(atPath: local) ? local : "/usr/bin/python3")
    }()

    static func client(_ name: String) -> String {
        folder.appendingPathComponent("Clients/\(name)").path
    }

    /// A broker to run against, beside the embedded one.
    static let externalBootstrap = ProcessInfo.processInfo.environment["PANDAR_TEST_BOOTSTRAP"].flatMap {
        $0.isEmpty ? nil : $0
    }

    /// Nothing of the developer's own settings may reach the programs under test.
    static func environment(home: URL) -> [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": home.path,
            "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no",
        ]
    }
}
