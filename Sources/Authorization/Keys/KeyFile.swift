internal import Foundation

/// Files with keys.
enum KeyFile {
    static func bytes(_ path: String) throws(KeyError) -> [UInt8] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw KeyError("The key file \(path) cannot be read; check the path and who may read it.")
        }
        return Array(bytes)
    }

    /// What a key of that file is named by in tokens: the file's name without what follows the last dot.
    static func name(_ path: String) -> String {
        ((path as NSString).lastPathComponent as NSString).deletingPathExtension
    }

    /// The file itself, or the files `*.pem` of a directory.
    static func publicKeys(_ path: String) throws(KeyError) -> [String] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            return [path]
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw KeyError("The directory of keys \(path) cannot be read; check who may read it.")
        }
        return names.filter { $0.hasSuffix(".pem") }.sorted().map { (path as NSString).appendingPathComponent($0) }
    }

    /// What changes when somebody writes a file, or moves another one to its place; `nil` when it is not there. For a
    /// directory, that of each key in it.
    static func stamps(_ path: String) -> [Stamp?] {
        let files = (try? publicKeys(path)) ?? []
        return ([path] + files).map(Stamp.init)
    }

    struct Stamp: Hashable, Sendable {
        private let file: UInt64
        private let seconds: Int
        private let nanoseconds: Int
        private let size: Int64

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            file = UInt64(status.st_ino)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
            size = Int64(status.st_size)
        }
    }
}
