import Foundation
import TaskModel
import Testing

@testable import TaskRunner

@Suite("Every attempt gets an empty directory, and leaves none")
struct WorkDirectoryTests {
    private let path = URL.temporaryDirectory.appending(path: "pandar-work-\(UUID().uuidString)").path()

    private func ref(_ id: String = "task") throws -> AttemptRef {
        AttemptRef(taskID: try #require(TaskID(id)), attempt: 1)
    }

    private func entries(_ directory: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory)
    }

    @Test("What an earlier incarnation left is removed at the start")
    func leftovers() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let left = try WorkDirectory(path).make(ref())
        try FileManager.default.createDirectory(atPath: left + "/a/b", withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: left + "/a/b/c"))
        let next = try WorkDirectory(path)
        let directory = try next.make(ref())
        #expect(directory == left)
        #expect(try entries(directory) == [])
        try await eventually("the rest is removed") { try entries(path) == ["task-1"] }
        next.remove(directory)
        #expect(try entries(path) == [])
    }

    @Test("A directory of the same name is not handed on")
    func sameName() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let work = try WorkDirectory(path)
        let directory = try work.make(ref())
        try Data("x".utf8).write(to: URL(filePath: directory + "/secret"))
        #expect(try work.make(ref()) == directory)
        #expect(try entries(directory) == [])
    }

    @Test("A relative path is made absolute, for attempts stand elsewhere")
    func relative() throws {
        let name = "pandar-work-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: name) }
        #expect(try WorkDirectory(name).make(ref()).hasPrefix("/"))
    }

    @Test("A place where none can be made is named")
    func noPlace() throws {
        #expect(throws: (any Error).self) { try WorkDirectory("/proc/no/such") }
        let work = try WorkDirectory(path)
        try FileManager.default.removeItem(atPath: path)
        let error = #expect(throws: SpawnError.self) { try work.make(ref()) }
        #expect(error?.description == "no working directory \(path)/task-1: No such file or directory")
    }
}
