import Foundation

/// A tree as a task would make it that wants to get in the way of those who measure, copy or remove it.
public struct HostileTree {
    /// Levels of the deep part; each is more than a path may be long by far.
    public static let depth = 10_000

    private let path: String
    /// Whether files could be made unchangeable, which takes a privilege and a file system that knows of it.
    public private(set) var hasImmutable = false

    /// Makes the tree in a directory that is there. Links in it lead to `outside`.
    public init(in path: String, outside: String) {
        self.path = path
        makeDeep()
        makeNames()
        symlink(outside, path + "/out-directory")
        symlink(outside + "/kept", path + "/out-file")
        symlink("nowhere", path + "/dangling")
        symlink("loop", path + "/loop")
        symlink("..", path + "/up")
        mkfifo(path + "/pipe", 0o600)
        write("linked", Array("x".utf8))
        link(path + "/linked", path + "/linked-again")
        makeSparse()
        makeImmutable()
        makeForbidden()
    }

    private func makeDeep() {
        mkdir(path + "/deep", 0o700)
        var here = open(path + "/deep", O_RDONLY | O_DIRECTORY)
        for _ in 0..<Self.depth {
            mkdirat(here, "d", 0o700)
            let next = openat(here, "d", O_RDONLY | O_DIRECTORY)
            close(here)
            here = next
        }
        close(openat(here, "bottom", O_WRONLY | O_CREAT, 0o600))
        close(here)
    }

    private func makeNames() {
        mkdir(path + "/names", 0o700)
        let names: [[UInt8]] = [
            [0xFF, 0xFE], [0xC3], Array("new\nline".utf8), Array("-rf".utf8), Array(" ".utf8), Array("*".utf8),
            [UInt8](repeating: 0x61, count: 255), Array("...".utf8), [0x1B, 0x5B, 0x32, 0x4A],
        ]
        for name in names {
            let full = (Array((path + "/names/").utf8) + name + [0]).map { CChar(bitPattern: $0) }
            close(open(full, O_WRONLY | O_CREAT, 0o600))
            let directory = (Array((path + "/names/").utf8) + name.dropLast() + [0xFD, 0]).map { CChar(bitPattern: $0) }
            mkdir(directory, 0o700)
        }
    }

    private func makeSparse() {
        let file = open(path + "/sparse", O_WRONLY | O_CREAT, 0o600)
        ftruncate(file, 1 << 30)
        pwrite(file, "end", 3, 1 << 29)
        close(file)
    }

    private mutating func makeImmutable() {
        mkdir(path + "/fixed", 0o700)
        write("fixed/file", Array("x".utf8))
        for name in ["fixed/file", "fixed"] {
            let file = open(path + "/" + name, O_RDONLY)
            // FS_IOC_SETFLAGS with FS_IMMUTABLE_FL and FS_APPEND_FL
            var flags: CLong = 0x30
            if ioctl(file, 0x4008_6602, &flags) == 0 { hasImmutable = true }
            close(file)
        }
    }

    private func makeForbidden() {
        for name in ["forbidden", "forbidden/inner"] { mkdir(path + "/" + name, 0o700) }
        write("forbidden/inner/file", [UInt8](repeating: 0x78, count: 10_000))
        chmod(path + "/forbidden/inner/file", 0)
        chmod(path + "/forbidden/inner", 0)
        chmod(path + "/forbidden", 0)
    }

    private func write(_ name: String, _ bytes: [UInt8]) {
        let file = open(path + "/" + name, O_WRONLY | O_CREAT, 0o600)
        Foundation.write(file, bytes, bytes.count)
        close(file)
    }
}
