internal import CProcess
internal import Foundation

/// Copies the content of a file: shared by the file system where it can (reflink), else within the kernel, else through
/// memory. Holes stay holes.
struct FileCopy {
    /// Known only by trying; not tried again when it failed.
    private var sharesBlocks = true
    private var copiesInKernel = true
    private var buffer = [UInt8](repeating: 0, count: 256 * 1024)

    /// Below that, calls cost more than moving bytes.
    private static let smallest = 64 * 1024
    // FICLONE, SEEK_DATA and SEEK_HOLE of Linux, which Swift's Glibc module does not have.
    private static let clone: UInt = 0x4004_9409
    private static let seekData: Int32 = 3
    private static let seekHole: Int32 = 4

    /// Copies `size` bytes, or as many as there are.
    mutating func copy(from source: Int32, to target: Int32, size: Int, allocated: Int64) throws(FileError) {
        guard size > 0 else { return }
        if sharesBlocks {
            if ioctl(target, Self.clone, source) == 0 { return }
            sharesBlocks = false
        }
        if allocated < size, size >= Self.smallest {
            try copyExtents(from: source, to: target, size: size)
        } else {
            try copyRange(from: source, to: target, 0..<size)
        }
    }

    private mutating func copyExtents(from source: Int32, to target: Int32, size: Int) throws(FileError) {
        guard ftruncate(target, off_t(size)) == 0 else { throw FileError("a copy") }
        var position = 0
        while position < size {
            let data = lseek(source, off_t(position), Self.seekData)
            if data < 0 {
                // Nothing but a hole is left, or the file system does not tell.
                if errno == ENXIO { return }
                return try copyRange(from: source, to: target, position..<size)
            }
            let hole = lseek(source, data, Self.seekHole)
            let end = hole < 0 ? size : min(Int(hole), size)
            guard Int(data) < end else { return }
            try copyRange(from: source, to: target, Int(data)..<end)
            position = end
        }
    }

    private mutating func copyRange(from source: Int32, to target: Int32, _ range: Range<Int>) throws(FileError) {
        var position = range.lowerBound
        while copiesInKernel, range.count >= Self.smallest, position < range.upperBound {
            let count = pandar_copy_range(
                source, off_t(position), target, off_t(position), range.upperBound - position)
            if count == 0 { return }
            if count < 0 {
                guard errno != ENOSPC, errno != EDQUOT, errno != EFBIG else { throw FileError("a copy") }
                copiesInKernel = false
            } else {
                position += count
            }
        }
        while position < range.upperBound {
            let wanted = min(buffer.count, range.upperBound - position)
            let count = pread(source, &buffer, wanted, off_t(position))
            guard count >= 0 else { throw FileError("a file of the source") }
            if count == 0 { return }
            var written = 0
            while written < count {
                let result = buffer.withUnsafeBytes { bytes in
                    pwrite(
                        target, UnsafeRawBufferPointer(rebasing: bytes[written..<count]).baseAddress, count - written,
                        off_t(position + written))
                }
                guard result > 0 else { throw FileError("a copy") }
                written += result
            }
            position += count
        }
    }
}
