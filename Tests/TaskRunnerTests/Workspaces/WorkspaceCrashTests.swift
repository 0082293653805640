import Foundation
import TaskModel
import TestKit
import Testing

@testable import TaskRunner

@Suite("A service that is killed at any moment leaves nothing that the next one does not clear")
struct WorkspaceCrashTests {
    @Test("Killed again and again while workspaces are made, kept and removed", arguments: UInt64(0)..<5)
    func killed(seed: UInt64) throws {
        let place = try Place()
        var generator = SeededGenerator(seed: seed)
        let source = try SourceRepository(place)
        for index in 0..<100 { try place.write("source/\(index % 10)/\(index)", String(repeating: "x", count: 5000)) }
        for _ in 0..<3 {
            let host = try HostProcess(["workspaces", place / "root", place / "source", source.path])
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                #expect(host.line().hasPrefix("made "))
            }
            // Somewhere within the next one.
            poll(nil, 0, Int32.random(in: 0...30, using: &generator))
            host.killHard()
        }
        let store = try quietStore(WorkspaceSettings(root: place / "root", fetchSeconds: 0))
        store.finishRemovals()
        #expect(try place.names("root/.trash") == [])
        #expect(try place.names("root/.making") == [])
        for name in try place.names("root") where !name.hasPrefix(".") {
            let record = try #require(WorkspaceRecord(in: place / "root/\(name)"), "\(name) is nobody's")
            #expect(record.keepUntil != nil)
            #expect(record.project == 4 || record.isReusable)
            #expect(try place.names("root/\(name)") == ["home", "record.json", "workspace"])
            #expect(try place.names("root/\(name)/workspace").count == 10, "\(name) is whole")
        }
        let left = try output(of: ["find", place / "root/.mirrors", "-name", "*.lock", "-o", "-name", "tmp_*"])
        #expect(left == "")
        let workspace = try store.prepare(attempt("after"), source.project())
        #expect(workspace.warnings == [])
        #expect(try String(contentsOfFile: workspace.directory + "/file", encoding: .utf8) == "two")
    }

    @Test("What a killed git leaves in a mirror does not stop the next one")
    func locks() throws {
        let place = try Place()
        let source = try SourceRepository(place)
        let settings = WorkspaceSettings(root: place / "root", fetchSeconds: 0)
        var store: WorkspaceStore? = try quietStore(settings)
        _ = try store?.prepare(attempt("first"), source.project())
        store = nil
        let mirror = try #require(try place.names("root/.mirrors").first { $0.hasSuffix(".git") })
        for name in ["refs/heads/main.lock", "packed-refs.lock", "shallow.lock", "objects/pack/tmp_pack_x"] {
            try place.write("root/.mirrors/\(mirror)/\(name)", "")
        }
        try source.commit("file", "three")
        store = try quietStore(settings)
        let workspace = try #require(try store?.prepare(attempt("second"), source.project()))
        #expect(workspace.warnings == [])
        #expect(try String(contentsOfFile: workspace.directory + "/file", encoding: .utf8) == "three")
        #expect(!place.exists("root/.mirrors/\(mirror)/objects/pack/tmp_pack_x"))
    }

    @Test("Half-made and half-removed ones are cleared at the start")
    func halves() throws {
        let place = try Place()
        try place.write("root/.making/1.2.3/workspace/file")
        try place.write("root/.trash/1.2.3/workspace/file")
        try place.write("root/task-7/workspace/file")
        try place.write("root/stranger/file")
        let store = try quietStore(WorkspaceSettings(root: place / "root"))
        store.finishRemovals()
        #expect(try place.names("root") == [".lock", ".making", ".mirrors", ".trash", "stranger"])
        #expect(try place.names("root/.trash") + place.names("root/.making") == [])
    }
}
