internal import Foundation

/// Looks for programs and reads what the kernel tells.
enum Executables {
    /// The first executable file of that name on `path`.
    static func find(_ name: String, path: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// The program of that name or absolute path.
    static func locate(_ program: String, path: String) -> String? {
        guard program.hasPrefix("/") else { return find(program, path: path) }
        return FileManager.default.isExecutableFile(atPath: program) ? program : nil
    }

    /// The number in a file; `nil` where there is none.
    static func number(inFile path: String) -> Int? {
        (try? String(contentsOfFile: path, encoding: .utf8)).flatMap {
            Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }
}
