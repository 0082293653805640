import Foundation
import Synchronization
import TestKit
import Testing

@testable import TaskRunner

@Suite("What a tree takes on disk")
struct DiskUsageTests {
    private let place: Place

    init() throws {
        place = try Place()
        try place.directory("tree")
    }

    @Test("is what du says, also of a hostile tree")
    func likeDu() throws {
        let outside = try place.write("outside/kept", String(repeating: "x", count: 1_000_000))
        _ = HostileTree(in: place / "tree", outside: (outside as NSString).deletingLastPathComponent)
        let usage = try DiskUsage.measure(place / "tree")
        #expect(usage.isComplete)
        #expect(usage.entries > HostileTree.depth)
        guard geteuid() == 0 else { return print("not compared with du: it cannot read what is forbidden") }
        let du = try output(of: ["du", "-s", "--block-size=1", place / "tree"])
        #expect(Int64(du.prefix { $0 != "\t" }) == usage.bytes)
    }

    @Test("Measured in small steps it is the same, with few descriptors", arguments: [1, 7, 1000])
    func steps(entries: Int) throws {
        _ = HostileTree(in: place / "tree", outside: place.path)
        let whole = try DiskUsage.measure(place / "tree")
        var scan = try DiskScan(path: place / "tree")
        while !scan.isDone { scan.advance(entries: entries) }
        #expect(scan.usage == whole)
    }

    @Test("A directory that is moved away meanwhile ends neither the scan nor leads it elsewhere")
    func moved() throws {
        let levels = TreeCursor.held + 10
        var path = "tree"
        for level in 0..<levels {
            path += "/\(level)"
            try place.directory(path)
        }
        try place.directory("elsewhere/beside")
        var cursor = try TreeCursor(Directory(path: place / "tree"))
        for level in 0..<levels { try cursor.enter(FileName("\(level)")) }
        rename(place / path, place / "elsewhere/moved")
        let left = cursor.leave()
        #expect(left > 1)
        #expect(cursor.depth == TreeCursor.held - 1)
        let here = FileIdentity(try cursor.here.status())
        let expected = (0..<cursor.depth).reduce("tree") { "\($0)/\($1)" }
        #expect(here == FileIdentity(try place.status(expected)))
    }

    @Test("A meter tells of a limit that is passed, and of the peak")
    func meter() throws {
        let now = Mutex(0.0)
        var meter = DiskMeter(
            paths: [place / "tree", place / "none"], limitBytes: 1_000_000, clock: { now.withLock { $0 } })
        let first = meter.isExceeded()
        #expect(!first)
        #expect(meter.dueAt == 1)
        try place.write("tree/file", String(repeating: "x", count: 2_000_000))
        now.withLock { $0 = 0.5 }
        let early = meter.isExceeded()
        #expect(!early, "it is not due yet")
        now.withLock { $0 = 1 }
        let late = meter.isExceeded()
        #expect(late)
        #expect(meter.peakBytes >= 2_000_000)
        try FileManager.default.removeItem(atPath: place / "tree/file")
        let after = meter.isExceeded()
        #expect(!after)
        #expect(meter.peakBytes >= 2_000_000)
    }

    @Test("A meter looks at most about a tenth of the time, in slices")
    func share() throws {
        for index in 0..<2000 { try place.write("tree/\(index)", "") }
        // Every look at the clock takes 10 ms.
        let now = Mutex(0.0)
        var meter = DiskMeter(
            paths: [place / "tree"], limitBytes: .max,
            clock: {
                now.withLock { now in
                    now += 0.01
                    return now
                }
            })
        var looked = 0.0
        for _ in 0..<20 {
            let before = now.withLock { $0 }
            _ = meter.isExceeded()
            let end = now.withLock { $0 }
            looked += end - before
            #expect(end - before < 0.05, "one slice")
            now.withLock { $0 = max(end, meter.dueAt) }
        }
        #expect(meter.usage.entries == 2000)
        #expect(looked <= now.withLock { $0 } / 8)
    }

    @Test("Empty files count too")
    func entries() throws {
        for index in 0..<50 { try place.write("tree/\(index)", "") }
        var meter = DiskMeter(paths: [place / "tree"], limitBytes: .max, limitEntries: 40)
        let exceeded = meter.isExceeded()
        #expect(exceeded)
    }
}
