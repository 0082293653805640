import Foundation
import Synchronization
import Testing

@testable import TaskRunner

@Suite("A directory is copied as it is, and nothing beyond it")
struct TreeCopyTests {
    private let place: Place

    init() throws {
        place = try Place()
        try place.directory("source")
        try place.directory("target")
    }

    @discardableResult
    private func copy(owner: FileOwner? = nil, limit: Int64 = .max) throws -> CopyResult {
        try TreeCopy.copy(
            Directory(path: place / "source"), to: Directory(path: place / "target"), owner: owner, limit: limit)
    }

    @Test("Content, modes and times stay; set-id and sticky bits do not")
    func modes() throws {
        try place.write("source/plain", "text", mode: 0o640)
        try place.write("source/program", "x", mode: 0o6755)
        try place.write("source/folder/read-only", "x", mode: 0o444)
        chmod(place / "source/folder", 0o3555)
        let times = [timeval(tv_sec: 1_000_000_000, tv_usec: 0), timeval(tv_sec: 1_000_000_000, tv_usec: 0)]
        utimes(place / "source/plain", times)
        try copy()
        #expect(try place.read("target/plain") == "text")
        #expect(try place.status("target/plain").st_mode & 0o7777 == 0o640)
        #expect(try place.status("target/plain").st_mtim.tv_sec == 1_000_000_000)
        #expect(try place.status("target/program").st_mode & 0o7777 == 0o755)
        #expect(try place.status("target/folder").st_mode & 0o7777 == 0o555)
        #expect(try place.status("target/folder/read-only").st_mode & 0o7777 == 0o444)
    }

    @Test("Links are copied as links and never followed")
    func links() throws {
        try place.write("outside/secret")
        symlink(place / "outside", place / "source/directory")
        symlink("../../outside/secret", place / "source/file")
        symlink("nowhere", place / "source/dangling")
        try copy()
        for name in ["directory", "file", "dangling"] {
            #expect(try place.status("target/\(name)").isLink)
            #expect(
                try FileManager.default.destinationOfSymbolicLink(atPath: place / "target/\(name)")
                    == FileManager.default.destinationOfSymbolicLink(atPath: place / "source/\(name)"))
        }
    }

    @Test("Hard links become files of their own")
    func hardLinks() throws {
        try place.write("source/one", "before")
        link(place / "source/one", place / "source/two")
        try copy()
        try place.write("source/one", "after")
        #expect(try place.read("target/one") == "before")
        #expect(try place.status("target/one").st_nlink == 1)
        #expect(try place.status("target/one").st_ino != place.status("target/two").st_ino)
    }

    @Test("Holes stay holes, and content between them is copied")
    func sparse() throws {
        let file = open(place / "source/sparse", O_WRONLY | O_CREAT, 0o600)
        ftruncate(file, 1 << 28)
        pwrite(file, "middle", 6, 1 << 27)
        close(file)
        try copy()
        let status = try place.status("target/sparse")
        #expect(status.st_size == 1 << 28)
        #expect(status.allocated < 1 << 20)
        #expect(try output(of: ["cmp", place / "source/sparse", place / "target/sparse"]) == "")
    }

    @Test("Files of all sizes are the same", arguments: [0, 1, 65_535, 65_536, 262_145, 3_000_000])
    func sizes(size: Int) throws {
        var bytes = Data(capacity: size)
        for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: index &* 31 &+ index >> 8)) }
        try bytes.write(to: URL(filePath: place / "source/file"))
        try copy()
        #expect(try Data(contentsOf: URL(filePath: place / "target/file")) == bytes)
    }

    @Test("Pipes, sockets and devices are skipped and counted")
    func special() throws {
        mkfifo(place / "source/pipe", 0o600)
        if mknod(place / "source/device", S_IFCHR | 0o600, 0x103) != 0 { print("no device: that takes root") }
        try place.write("source/file")
        let result = try copy()
        #expect(try place.names("target") == ["file"])
        #expect(try result.skipped == place.names("source").count - 1)
    }

    @Test("Copying stops at the limit")
    func limit() throws {
        for index in 0..<20 { try place.write("source/\(index)", String(repeating: "x", count: 100_000)) }
        #expect(throws: TreeCopy.Failure.self) { try copy(limit: 1_000_000) }
        #expect(try DiskUsage.measure(place / "target").bytes < 1_100_000)
    }

    @Test("A tree of 3,000 levels and names that are no text are copied whole")
    func deep() throws {
        try output(of: [
            "sh", "-c",
            "cd \(place / "source"); i=0; while [ $i -lt 3000 ]; do mkdir d; cd -P d; i=$((i+1)); done; echo end > bottom",
        ])
        let name = (Array((place / "source/").utf8) + [0xFF, 0xFE, 0]).map { CChar(bitPattern: $0) }
        close(open(name, O_WRONLY | O_CREAT, 0o600))
        let result = try copy()
        #expect(result.entries == 3002)
        var usage = try DiskUsage.measure(place / "target")
        #expect(usage.entries == 3002)
        usage.bytes = 0
        #expect(usage.isComplete)
    }

    @Test("All becomes the given owner's")
    func owner() throws {
        guard geteuid() == 0 else { return print("not run: giving files away takes root") }
        try place.write("source/folder/file")
        symlink("x", place / "source/link")
        try copy(owner: FileOwner(user: 65_534, group: 65_534))
        for name in ["", "/folder", "/folder/file", "/link"] {
            let status = try place.status("target" + name)
            #expect(status.st_uid == 65_534 && status.st_gid == 65_534, "\(name)")
        }
    }

    @Test("Whoever swaps directories for links meanwhile gets nothing from outside")
    func race() throws {
        try place.write("outside/secret")
        for index in 0..<40 { try place.write("source/\(index)/file") }
        try place.write("source/file")
        try place.write("outside/secret", "a secret")
        let swapper = Swapper(directory: place / "source/20", target: place / "outside")
        let files = Swapper(directory: place / "source/file", target: place / "outside/secret")
        for index in 0..<40 {
            try place.directory("copy-\(index)")
            _ = try TreeCopy.copy(Directory(path: place / "source"), to: Directory(path: place / "copy-\(index)"))
        }
        swapper.stop()
        files.stop()
        let found = try output(of: ["find", place.path, "-path", "*/copy-*", "-name", "secret"])
        #expect(found == "")
        for index in 0..<40 where place.exists("copy-\(index)/file") {
            let isLink = try place.status("copy-\(index)/file").isLink
            #expect(try isLink || place.read("copy-\(index)/file") == "x")
        }
    }
}

/// A thread that makes a directory or a file a link and itself again, until it is stopped.
final class Swapper: Sendable {
    private let isStopped = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    init(directory: String, target: String) {
        Thread { [self] in
            while !isStopped.load(ordering: .relaxed) {
                rename(directory, directory + ".aside")
                symlink(target, directory)
                unlink(directory)
                rename(directory + ".aside", directory)
            }
            ended.signal()
        }.start()
    }

    func stop() {
        isStopped.store(true, ordering: .relaxed)
        ended.wait()
    }
}
