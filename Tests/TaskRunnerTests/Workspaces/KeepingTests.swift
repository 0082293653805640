import Foundation
import Logging
import Synchronization
import TaskModel
import Testing

@testable import TaskRunner

@Suite("Workspaces are kept as the project says, for a time and within a bound")
struct KeepingTests {
    private let place: Place
    private let clock = Clock()

    /// A wall clock that the test sets.
    private final class Clock: Sendable {
        let now = Mutex(1_000_000.0)
        func advance(_ seconds: Double) { now.withLock { $0 += seconds } }
    }

    init() throws {
        place = try Place()
    }

    private func store(keptLimit: Int64 = .max) throws -> WorkspaceStore {
        try WorkspaceStore(
            WorkspaceSettings(root: place / "root", keptLimitBytes: keptLimit),
            logger: Logger(label: "", factory: { _ in SwiftLogNoOpLogHandler() }),
            clock: { [clock] in clock.now.withLock { $0 } })
    }

    private func attempts() throws -> [String] { try place.names("root").filter { !$0.hasPrefix(".") } }

    @Test(
        "Each policy with each outcome",
        arguments: [
            (KeepPolicy.never, []), (.onFailure, [WorkspaceOutcome.failed]), (.always, WorkspaceOutcome.allCases),
        ])
    func policies(policy: KeepPolicy, kept: [WorkspaceOutcome]) throws {
        let store = try store()
        let project = Project(id: 1, name: "test", keep: policy)
        for outcome in WorkspaceOutcome.allCases {
            store.remove(try store.prepare(attempt(outcome.rawValue), project), outcome)
        }
        #expect(try attempts() == kept.map { "\($0.rawValue)-1" }.sorted())
    }

    @Test("A kept one goes when its time is over, also after a restart")
    func time() throws {
        let project = Project(id: 1, name: "test", keep: .always, keepSeconds: 100)
        var store: WorkspaceStore? = try store()
        for task in ["first", "second"] {
            let workspace = try #require(try store?.prepare(attempt(task), project))
            try Data("x".utf8).write(to: URL(filePath: workspace.directory + "/result"))
            store?.remove(workspace, .succeeded)
            clock.advance(40)
        }
        store?.collect()
        #expect(try attempts() == ["first-1", "second-1"])
        store = nil
        store = try self.store()
        #expect(try attempts() == ["first-1", "second-1"])
        #expect(try place.read("root/second-1/workspace/result") == "x")
        clock.advance(50)
        store?.collect()
        #expect(try attempts() == ["second-1"])
        clock.advance(-1_000_000)
        store?.collect()
        #expect(try attempts() == [], "one that would stay for ever has a date of a clock that was wrong")
    }

    @Test("The oldest go when there are too many bytes")
    func bound() throws {
        let store = try store(keptLimit: 2_500_000)
        let project = Project(id: 1, name: "test", keep: .always)
        for task in 1...4 {
            let workspace = try store.prepare(attempt("\(task)"), project)
            try Data(count: 1_000_000).write(to: URL(filePath: workspace.directory + "/data"))
            store.remove(workspace, .succeeded)
            clock.advance(1)
        }
        #expect(try attempts() == ["3-1", "4-1"])
    }

    @Test("A later attempt finds files and HOME where the project says so")
    func reuse() throws {
        let store = try store()
        let project = Project(id: 1, name: "test", reusesWorkspace: true)
        let first = try store.prepare(attempt("task", 1), project)
        for path in first.writable { try Data("x".utf8).write(to: URL(filePath: path + "/file")) }
        store.remove(first, .failed)
        let second = try store.prepare(attempt("task", 2), project)
        #expect(second.isReused)
        #expect(try FileManager.default.contentsOfDirectory(atPath: second.directory) == ["file"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: second.home) == ["file"])
        #expect(try attempts() == ["task-2"])
        store.remove(second, .succeeded)
        #expect(try attempts() == [])
    }

    @Test("Nobody gets the files of another task, another project, a later attempt, or one that runs")
    func noReuse() throws {
        let store = try store()
        var project = Project(id: 1, name: "test", reusesWorkspace: true)
        let first = try store.prepare(attempt("task", 5), project)
        #expect(try !store.prepare(attempt("task", 6), project).isReused, "it runs")
        store.remove(first, .failed)
        #expect(try !store.prepare(attempt("task-5", 6), project).isReused)
        #expect(try !store.prepare(attempt("other", 6), project).isReused)
        #expect(try !store.prepare(attempt("task", 4), project).isReused)
        project.id = 2
        #expect(try !store.prepare(attempt("task", 7), project).isReused)
        project.id = 1
        project.reusesWorkspace = false
        #expect(try !store.prepare(attempt("task", 8), project).isReused)
    }

    @Test("After a crash what ran is removed, unless the next attempt may go on with it")
    func crash() throws {
        var store: WorkspaceStore? = try store()
        _ = try store?.prepare(attempt("gone"), Project(id: 1, name: "test", keep: .always))
        let resumed = Project(id: 2, name: "test", reusesWorkspace: true)
        let workspace = try #require(try store?.prepare(attempt("resumed"), resumed))
        try Data("x".utf8).write(to: URL(filePath: workspace.directory + "/file"))
        store = nil
        store = try self.store()
        #expect(try attempts() == ["resumed-1"])
        let next = try #require(try store?.prepare(attempt("resumed", 2), resumed))
        #expect(next.isReused)
    }

    @Test("One that an agent's session lies in is kept when it is interrupted, and found only by who asks for it")
    func session() throws {
        var store: WorkspaceStore? = try store()
        let project = Project(id: 1, name: "test")
        for outcome in WorkspaceOutcome.allCases {
            let name = outcome.rawValue
            let workspace = try #require(try store?.prepare(attempt(name), project, isReusable: true))
            #expect(!workspace.isReused)
            store?.remove(workspace, outcome)
        }
        #expect(try attempts() == ["interrupted-1"])
        _ = try store?.prepare(attempt("crashed"), project, isReusable: true)
        store = nil
        store = try self.store()
        #expect(try attempts() == ["crashed-1", "interrupted-1"])
        #expect(try store?.prepare(attempt("crashed", 2), project).isReused == false)
        #expect(try store?.prepare(attempt("interrupted", 2), project, reuses: true).isReused == true)
    }

    @Test("Where attempts see the machine's paths, one that is reused keeps its path")
    func inPlace() throws {
        var settings = WorkspaceSettings(root: place / "root")
        settings.staysInPlace = true
        let store = try quietStore(settings)
        let project = Project(id: 1, name: "test", reusesWorkspace: true)
        let first = try store.prepare(attempt("task", 1), project)
        store.remove(first, .failed)
        let second = try store.prepare(attempt("task", 2), project)
        #expect(second.isReused && second.directory == first.directory)
        #expect(try !store.prepare(attempt("task", 3), project).isReused, "the second runs")
        store.remove(second, .failed)
        let fourth = try store.prepare(attempt("task", 4), project)
        #expect(fourth.isReused && fourth.directory == first.directory)
        store.remove(fourth, .succeeded)
        #expect(try attempts() == ["task-3"])
    }

    @Test("A record that was not written whole counts as none")
    func halfRecord() throws {
        var store: WorkspaceStore? = try store()
        let workspace = try #require(try store?.prepare(attempt(), Project(id: 1, name: "test", keep: .always)))
        store?.remove(workspace, .succeeded)
        store = nil
        try place.write("root/task-1/record.json", "{\"project\":1,")
        store = try self.store()
        #expect(try attempts() == [])
    }
}
