import Foundation
import Synchronization
import TestKit
import Testing

@testable import TaskRunner

@Suite("Whatever a task left is removed, and nothing beyond it")
struct TreeRemovalTests {
    private let place: Place

    init() throws {
        place = try Place()
        try place.write("outside/kept", "kept", mode: 0o600)
        try place.directory("trash/tree")
    }

    private func empty() throws { try TreeRemoval.empty(Directory(path: place / "trash")) }

    private func outsideIsWhole() throws {
        #expect(try place.names("outside") == ["kept"])
        #expect(try place.read("outside/kept") == "kept")
        #expect(try place.status("outside/kept").st_mode & 0o777 == 0o600)
    }

    @Test("A hostile tree: deep, without permissions, with any names, unchangeable")
    func hostile() throws {
        let tree = HostileTree(in: place / "trash/tree", outside: place / "outside")
        if !tree.hasImmutable { print("without unchangeable files: they take root and a file system that has them") }
        try empty()
        #expect(try place.names("trash") == [])
        try outsideIsWhole()
    }

    @Test("The same, without any privilege")
    func unprivileged() throws {
        guard geteuid() == 0 else { return print("not run apart: all tests run without privileges here") }
        let host = try place.directory("host")
        try FileManager.default.copyItem(atPath: HostProcess.path(), toPath: host + "/test-host")
        try place.directory("root")
        for path in [place.path, host, place / "root", host + "/test-host"] { chmod(path, 0o755) }
        chown(place / "root", 65_534, 65_534)
        let line = try output(of: [
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", host + "/test-host", "hostile",
            place / "root", place / "outside",
        ])
        #expect(line.contains("uid=65534"))
        #expect(line.contains("complete=1 immutable=0 left=0"), "\(line)")
        try outsideIsWhole()
    }

    @Test("Twenty thousand files and folders side by side")
    func wide() throws {
        try output(of: [
            "sh", "-c", "cd \(place / "trash/tree") && seq 1 10000 | xargs touch && seq -f 'd%g' 1 10000 | xargs mkdir",
        ])
        try empty()
        #expect(try place.names("trash") == [])
    }

    @Test("Somebody who still makes files does not lead it elsewhere, and it ends when he does")
    func race() throws {
        for index in 0..<200 { try place.write("trash/tree/\(index % 20)/\(index)/file") }
        let swapper = Swapper(directory: place / "trash/tree/3", target: place / "outside")
        try? empty()
        swapper.stop()
        try empty()
        #expect(try place.names("trash") == [])
        try outsideIsWhole()
    }

    @Test("What cannot be removed is told, and all else goes")
    func mounted() throws {
        guard geteuid() == 0 else { return print("not run: mounting takes root") }
        try place.write("trash/other/file")
        let mounted = try place.directory("trash/tree/a/b")
        guard (try? output(of: ["mount", "-t", "tmpfs", "none", mounted])) != nil else {
            return print("not run: nothing can be mounted here")
        }
        defer {
            // It was moved up with its directory.
            let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
            for line in mounts.split(separator: "\n") where line.contains(place / "trash") {
                _ = try? output(of: ["umount", String(line.split(separator: " ")[1])])
            }
        }
        let error = #expect(throws: FileError.self) { try empty() }
        #expect(error?.code == EBUSY)
        #expect(try !place.names("trash").contains("other"))
    }
}
