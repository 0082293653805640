import Foundation
import Logging
import Synchronization
import TaskModel
import Testing

@testable import TaskRunner

@Suite("Every attempt gets a workspace of its own")
struct WorkspaceStoreTests {
    private let place: Place
    private let settings: WorkspaceSettings

    init() throws {
        place = try Place()
        settings = WorkspaceSettings(root: place / "root")
        try place.write("source/folder/file", "content")
    }

    private var directory: ProjectSource { .directory(place / "source") }

    /// The directories of attempts that are there.
    private func attempts() throws -> [String] { try place.names("root").filter { !$0.hasPrefix(".") } }

    private func leftovers() throws -> [String] { try place.names("root/.trash") + place.names("root/.making") }

    @Test("An empty project has three empty directories that are nobody else's")
    func empty() throws {
        let store = try quietStore(settings)
        let workspace = try store.prepare(attempt(), Project(id: 1, name: "test"))
        for path in workspace.writable {
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == [])
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
        }
        #expect(workspace.directory == place / "root/task-1/workspace")
        store.remove(workspace, .succeeded)
        store.finishRemovals()
        #expect(try attempts() == [])
        // Untouched, it is a later attempt's.
        #expect(try place.names("root/.trash") == [] && place.names("root/.making").count == 1)
    }

    @Test("A directory's project has a copy, and the directory itself stays as it is")
    func copy() throws {
        let store = try quietStore(settings)
        let workspace = try store.prepare(attempt(), Project(id: 1, name: "test", source: directory))
        try Data("changed".utf8).write(to: URL(filePath: workspace.directory + "/folder/file"))
        #expect(try place.read("source/folder/file") == "content")
        let other = try store.prepare(attempt("other"), Project(id: 1, name: "test", source: directory))
        #expect(try String(contentsOfFile: other.directory + "/folder/file", encoding: .utf8) == "content")
    }

    @Test("Workspaces that lie in the project's directory are not copied into themselves")
    func inside() throws {
        let store = try quietStore(WorkspaceSettings(root: place / "source/state/work"))
        let workspace = try store.prepare(attempt(), Project(id: 1, name: "test", source: directory))
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.directory + "/state") == [])
    }

    @Test("A source that is missing or too large is an error that says what to do, and leaves nothing")
    func unusable() throws {
        let store = try quietStore(settings)
        let missing = Project(id: 7, name: "test", source: .directory(place / "none"))
        let error = #expect(throws: WorkspaceError.self) { try store.prepare(attempt(), missing) }
        #expect(error?.code == .unreadableSource)
        #expect(error?.message.contains("project 7") == true)
        try place.write("source/large", String(repeating: "x", count: 3_000_000))
        let large = Project(id: 7, name: "test", source: directory, diskLimitMB: 1)
        let tooLarge = #expect(throws: WorkspaceError.self) { try store.prepare(attempt(), large) }
        #expect(tooLarge?.code == .tooLarge)
        #expect(tooLarge?.message.contains("1 MB") == true)
        store.finishRemovals()
        #expect(try attempts() == [])
        #expect(try leftovers() == [])
    }

    @Test("A workspace in use is not given out twice")
    func inUse() throws {
        let store = try quietStore(settings)
        let workspace = try store.prepare(attempt(), Project(id: 1, name: "test"))
        #expect(throws: WorkspaceError.self) { try store.prepare(attempt(), Project(id: 1, name: "test")) }
        #expect(try attempts() == ["task-1"])
        store.remove(workspace, .succeeded)
        #expect(throws: Never.self) { try store.prepare(attempt(), Project(id: 1, name: "test")) }
    }

    @Test("Task ids that look like the store's own directories are harmless", arguments: ["..", ".", ".trash", "a:b"])
    func names(id: String) throws {
        let store = try quietStore(settings)
        let workspace = try store.prepare(attempt(id), Project(id: 1, name: "test"))
        #expect(workspace.base == place / "root/\(id)-1")
        store.remove(workspace, .succeeded)
        store.finishRemovals()
        #expect(try place.names("root") == [".lock", ".making", ".mirrors", ".trash"])
    }

    @Test("Only one service uses a root")
    func locked() throws {
        let root = try WorkspaceRoot(
            place / "root", isShared: false, logger: Logger(label: "", factory: { _ in SwiftLogNoOpLogHandler() }))
        let error = #expect(throws: WorkspaceError.self) { try WorkspaceRoot.takeLock(place / "root", patience: 0) }
        #expect(error?.message.contains("in use by another service") == true)
        _ = root.path
    }

    @Test("All of it belongs to the given owner, the record does not")
    func owner() throws {
        guard geteuid() == 0 else { return print("not run: giving files away takes root") }
        var settings = settings
        settings.isShared = true
        let store = try quietStore(settings)
        let owner = FileOwner(user: 65_534, group: 65_534)
        let workspace = try store.prepare(
            attempt(), Project(id: 1, name: "test", source: directory), owner: owner, isReusable: true)
        for name in ["workspace", "workspace/folder/file", "home"] {
            #expect(try place.status("root/task-1/\(name)").st_uid == 65_534, "\(name)")
        }
        #expect(try place.status("root/task-1").st_uid == 0)
        #expect(try place.status("root/task-1/record.json").st_uid == 0)
        let inside = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-c"]
        chmod(place.path, 0o711)
        try output(of: inside + ["echo x > \(workspace.directory)/folder/new && ! ls \(place / "root") 2>&1"])
    }

    @Test("A workspace that is used again belongs to its new attempt's owner as a whole")
    func nextOwner() throws {
        guard geteuid() == 0 else { return print("not run: giving files away takes root") }
        let store = try quietStore(settings)
        let project = Project(id: 1, name: "test", source: directory, reusesWorkspace: true)
        let first = try store.prepare(attempt(), project, owner: FileOwner(user: 65_533, group: 65_533))
        try output(of: [
            "sh", "-c", "echo x > \(first.directory)/folder/new; ln -s /etc/passwd \(first.directory)/link",
        ])
        store.remove(first, .interrupted)
        let second = try store.prepare(
            AttemptRef(taskID: first.ref.taskID, attempt: 2), project, owner: FileOwner(user: 65_534, group: 65_534))
        #expect(second.isReused)
        for name in ["workspace", "workspace/folder", "workspace/folder/new", "home"] {
            #expect(try place.status("root/task-2/\(name)").st_uid == 65_534, "\(name)")
        }
        #expect(try place.status("root/task-2/record.json").st_uid == 0)
        var target = stat()
        #expect(stat("/etc/passwd", &target) == 0 && target.st_uid == 0)
    }

    @Test("Two thousand small files are copied")
    func many() throws {
        try output(of: [
            "sh", "-c",
            "cd \(place / "source") && for i in $(seq 1 20); do mkdir $i; (cd $i; seq 1 100 | split -l 1 -a 3); done",
        ])
        let store = try quietStore(settings)
        let workspace = try store.prepare(attempt(), Project(id: 1, name: "test", source: directory))
        #expect(try DiskUsage.measure(workspace.directory).entries == 2022)
    }

    @Test("A thousand attempts leave nothing, from several threads")
    func thousand() async throws {
        let store = try quietStore(settings)
        let project = Project(id: 1, name: "test", source: directory)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<4 {
                group.addTask {
                    for index in 0..<250 {
                        store.remove(try store.prepare(attempt("task-\(lane)", index + 1), project), .failed)
                    }
                }
            }
            try await group.waitForAll()
        }
        store.finishRemovals()
        #expect(try place.names("root") == [".lock", ".making", ".mirrors", ".trash"])
        #expect(try leftovers() == [])
    }
}
