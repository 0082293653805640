import Foundation
import TaskModel
import TaskRunner
import TestKit

/// What the host does with workspaces.
enum WorkspaceModes {
    /// Makes and removes workspaces of a directory, a repository and nothing, until it is killed.
    static func churn(root: String, directory: String, repository: String) throws {
        let store = try WorkspaceStore(
            WorkspaceSettings(root: root, fetchSeconds: 0), logger: TestHost.logger)
        let projects = [
            Project(id: 1, name: "directory", source: .directory(directory)),
            Project(id: 2, name: "repository", source: .repository(Repository(location: repository))),
            Project(id: 3, name: "empty"),
            Project(id: 4, name: "kept", source: .directory(directory), keep: .always),
            Project(id: 5, name: "resumed", source: .directory(directory), reusesWorkspace: true),
        ]
        let parent = getppid()
        for index in 0... where getppid() == parent {
            guard let id = TaskID("task-\(index)") else { throw TestHost.Failed() }
            let project = projects[index % projects.count]
            let workspace = try store.prepare(AttemptRef(taskID: id, attempt: 1), project)
            FileHandle.standardOutput.write(Data("made \(index)\n".utf8))
            store.remove(workspace, index % 2 == 0 ? .failed : .succeeded)
        }
    }

    /// Fills a workspace with a hostile tree, measures it and removes it; prints what is left.
    static func hostile(root: String, outside: String) throws {
        let store = try WorkspaceStore(WorkspaceSettings(root: root), logger: TestHost.logger)
        guard let id = TaskID("task") else { throw TestHost.Failed() }
        let workspace = try store.prepare(AttemptRef(taskID: id, attempt: 1), Project(id: 1, name: "test"))
        let tree = HostileTree(in: workspace.directory, outside: outside)
        let usage = try DiskUsage.measure(workspace.directory)
        store.remove(workspace, .succeeded)
        store.finishRemovals()
        let left = try FileManager.default.contentsOfDirectory(atPath: root + "/.trash")
        print(
            "uid=\(getuid()) bytes=\(usage.bytes) entries=\(usage.entries) complete=\(usage.isComplete ? 1 : 0) "
                + "immutable=\(tree.hasImmutable ? 1 : 0) left=\(left.count)")
    }
}
