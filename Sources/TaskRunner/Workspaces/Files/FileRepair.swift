internal import Foundation

/// Takes away what keeps a file of ours from being read or removed: modes and the flags of `chattr`. Works on the file
/// that was found, whatever its name means by then.
struct FileRepair {
    private let handle: Handle
    private let status: stat

    private final class Handle {
        let descriptor: Int32
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    init(in directory: Int32, _ name: UnsafePointer<CChar>) throws(FileError) {
        let descriptor = openat(directory, name, Self.pathOnly | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(String(cString: name)) }
        handle = Handle(descriptor)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(String(cString: name)) }
        self.status = status
    }

    /// Lets the owner into a directory. `false` when that is not to be had.
    func openUp() -> Bool {
        guard status.isDirectory else { return false }
        return chmod("/proc/self/fd/\(handle.descriptor)", status.st_mode & 0o777 | 0o700) == 0
    }

    /// Opens a directory up and clears the flags that make a file unchangeable.
    func free() {
        _ = openUp()
        guard status.isDirectory || status.isRegular else { return }
        let descriptor = open("/proc/self/fd/\(handle.descriptor)", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        Self.clearFlags(descriptor)
        close(descriptor)
        // The mode of an immutable directory can be changed only now.
        _ = openUp()
    }

    /// The flags of an open file, those of `lsattr`; `nil` where the file system has none.
    static func flags(_ descriptor: Int32) -> CLong? {
        var flags: CLong = 0
        return ioctl(descriptor, getFlags, &flags) == 0 ? flags : nil
    }

    /// Clears the flags of an open file.
    static func clearFlags(_ descriptor: Int32) {
        guard var flags = flags(descriptor), flags & (immutable | appendOnly) != 0 else { return }
        flags &= ~(immutable | appendOnly)
        _ = ioctl(descriptor, setFlags, &flags)
    }

    // <linux/fs.h> and O_PATH, which Swift's Glibc module does not have: the same on every 64-bit Linux.
    private static let getFlags: UInt = 0x8008_6601
    private static let setFlags: UInt = 0x4008_6602
    private static let immutable: CLong = 0x10
    private static let appendOnly: CLong = 0x20
    private static let pathOnly: Int32 = 0o10000000
}
