internal import Crypto
internal import Foundation

/// What stands in a tree that nobody changes meanwhile: every name with its mode and the digest of its content.
struct TreeManifest {
    struct File: Equatable {
        var mode: UInt32
        var size: Int64
        var digest: [UInt8]
        /// When the file system last changed it, in nanoseconds: no program can set that.
        var changedAt: Int64
    }

    enum Entry: Equatable {
        case directory(mode: UInt32)
        case file(File)
        case link(target: [UInt8])
    }

    /// By path beneath the root.
    private(set) var entries: [[UInt8]: Entry] = [:]

    /// - Parameters:
    ///   - earlier: of the same tree; what has not been changed since is not read again, and what cannot be read is left
    ///     out.
    ///   - removesEscapes: takes symbolic links away that lead out of the tree, which programs will see at `point`.
    init(
        _ root: Directory, since earlier: TreeManifest? = nil, removesEscapes: Bool = false, point: String = ""
    ) throws(FileError) {
        var cursor = try TreeCursor(root)
        var path: [[UInt8]] = []
        let links = removesEscapes ? EscapingLink(point: point) : nil
        var pending = [try list(root, path, earlier, links)]
        while true {
            if let name = pending[pending.count - 1].popLast() {
                try cursor.enter(name)
                path.append(name.bytes)
                pending.append(try list(cursor.here, path, earlier, links))
            } else {
                pending.removeLast()
                if pending.isEmpty { return }
                guard cursor.leave() == 1 else { throw FileError("a directory", code: EBUSY) }
                path.removeLast()
            }
        }
    }

    /// The directories in it.
    private mutating func list(
        _ directory: Directory, _ path: [[UInt8]], _ earlier: TreeManifest?, _ links: EscapingLink?
    ) throws(FileError) -> [FileName] {
        var directories: [FileName] = []
        for name in try directory.names() {
            let status = try directory.status(name)
            let place = Array((path + [name.bytes]).joined(separator: [UInt8(ascii: "/")]))
            let mode = UInt32(status.st_mode) & 0o777
            if status.isDirectory {
                entries[place] = .directory(mode: mode)
                directories.append(name)
            } else if status.isRegular {
                let changedAt = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
                if case .file(let known)? = earlier?.entries[place], known.changedAt == changedAt,
                    known.size == Int64(status.st_size)
                {
                    entries[place] = .file(known)
                    continue
                }
                let file = openat(directory.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
                guard file >= 0 else {
                    if earlier != nil { continue }
                    throw FileError(name.text)
                }
                defer { close(file) }
                entries[place] = .file(
                    File(
                        mode: mode, size: Int64(status.st_size), digest: try Self.digest(of: file), changedAt: changedAt
                    ))
            } else if status.isLink, let target = Self.target(directory, name) {
                if let links, links.escapes(target, depth: path.count) {
                    guard unlinkat(directory.descriptor, name, 0) == 0 else { throw FileError(name.text) }
                } else {
                    entries[place] = .link(target: target)
                }
            }
        }
        return directories
    }

    /// SHA-256 of what is in an open file.
    static func digest(of file: Int32) throws(FileError) -> [UInt8] {
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError("a file") }
            if count == 0 { return Array(hash.finalize()) }
            buffer.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    private static func target(_ directory: Directory, _ name: FileName) -> [UInt8]? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlinkat(directory.descriptor, name, &buffer, buffer.count)
        return count < 0 ? nil : buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    /// SHA-256 over everything beneath a path in the order of the paths; empty for all.
    func digest(beneath path: [UInt8] = []) -> (digest: [UInt8], count: Int) {
        let prefix = path.isEmpty ? [] : path + [UInt8(ascii: "/")]
        let chosen = entries.filter { $0.key.starts(with: prefix) }
        var hash = SHA256()
        func add(_ bytes: [UInt8]) {
            // With its length before it, so that no two trees read alike.
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: bytes)
        }
        for (place, entry) in chosen.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            add(Array(place.dropFirst(prefix.count)))
            switch entry {
            case .directory(let mode): add(Array("directory \(mode)".utf8))
            case .file(let file):
                add(Array("file \(file.mode)".utf8))
                add(file.digest)
            case .link(let target):
                add(Array("link".utf8))
                add(target)
            }
        }
        return (Array(hash.finalize()), chosen.count)
    }
}

/// Whether a symbolic link of a tree leads out of it. Strict, so that links which lead through others are covered: a
/// target goes up at its beginning only, and no further than to the root, or begins with where the tree is seen.
struct EscapingLink {
    let point: String

    /// - Parameter depth: of the directory that the link stands in; 0 for the root.
    func escapes(_ target: [UInt8], depth: Int) -> Bool {
        var rest = target[...]
        var depth = depth
        if target.first == UInt8(ascii: "/") {
            let prefix = Array(point.utf8)
            guard target.starts(with: prefix) else { return true }
            rest = target.dropFirst(prefix.count)
            guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { return true }
            depth = 0
        }
        var isAtBeginning = true
        for part in rest.split(separator: UInt8(ascii: "/")) where part.elementsEqual("..".utf8) || isAtBeginning {
            guard part.elementsEqual("..".utf8) else {
                if !part.elementsEqual(".".utf8) { isAtBeginning = false }
                continue
            }
            guard isAtBeginning, depth > 0 else { return true }
            depth -= 1
        }
        return false
    }
}

extension FileName {
    /// Without the null byte.
    var bytes: [UInt8] { dropLast().map { UInt8(bitPattern: $0) } }

    init(bytes: some Sequence<UInt8>) { self = bytes.map { CChar(bitPattern: $0) } + [0] }
}
