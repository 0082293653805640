internal import Foundation

/// Reading and writing the files that cgroups are made of. Errors are answers here: what cannot be written is not to
/// be had.
enum CgroupFiles {
    static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = Foundation.read(file, &buffer, buffer.count)
        return count >= 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }

    /// A file of any length; empty when it cannot be read.
    static func readAll(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    @discardableResult
    static func write(_ text: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return Foundation.write(file, text, text.utf8.count) == text.utf8.count
    }

    static func number(_ path: String) -> Int64? {
        read(path).flatMap { Int64($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    /// The value behind `name` in a file of `NAME VALUE` lines.
    static func number(_ name: String, in path: String) -> Int64? {
        for line in read(path)?.split(whereSeparator: \.isNewline) ?? [] {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name { return Int64(words[1]) }
        }
        return nil
    }
}
