internal import Foundation

/// A call of the system that failed: its code and what it was about.
struct FileError: Error, CustomStringConvertible {
    let code: Int32
    let subject: String

    /// What `errno` says now.
    init(_ subject: String, code: Int32 = errno) {
        self.code = code
        self.subject = subject
    }

    var description: String { "\(subject): \(String(cString: strerror(code)))" }
}

/// A name as the file system has it, with a null byte at the end: bytes, which need not be UTF-8.
typealias FileName = [CChar]

extension FileName {
    init(_ text: String) { self = Array(text.utf8CString) }

    /// For errors; bytes that are no UTF-8 become U+FFFD.
    var text: String { String(decoding: dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}

/// Tells whether two descriptors mean one file, however it is called.
struct FileIdentity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

extension stat {
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
    var isLink: Bool { st_mode & S_IFMT == S_IFLNK }
    /// Bytes that the file takes on disk.
    var allocated: Int64 { Int64(st_blocks) * 512 }
}
