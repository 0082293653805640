internal import Foundation
public import Logging
internal import Synchronization
public import TaskModel

/// Makes, keeps and removes the workspaces of attempts. Everything blocks (copying, git): call it on a thread for that.
public final class WorkspaceStore: Sendable {
    let settings: WorkspaceSettings
    let root: WorkspaceRoot
    private let mirrors: MirrorCache
    let kept: KeptWorkspaces
    private let blanks: BlankWorkspaces
    private let logger: Logger
    /// The directories of attempts that run.
    let active = Mutex<Set<String>>([])

    /// Makes the root if it is not there and clears what an earlier service left, but for what is kept.
    ///
    /// - Throws: `unusable_root`, also when another service uses it.
    public convenience init(_ settings: WorkspaceSettings, logger: Logger) throws(WorkspaceError) {
        try self.init(settings, logger: logger, clock: { Date().timeIntervalSince1970 })
    }

    init(
        _ settings: WorkspaceSettings, logger: Logger, clock: @escaping @Sendable () -> Double
    ) throws(WorkspaceError) {
        self.settings = settings
        self.logger = logger
        root = try WorkspaceRoot(settings.root, isShared: settings.isShared, logger: logger)
        mirrors = MirrorCache(root, settings)
        blanks = BlankWorkspaces(root)
        kept = KeptWorkspaces(root, limit: settings.keptLimitBytes, clock: clock)
        mirrors.clearAfterCrash()
        kept.adoptLeftovers()
        collect()
    }

    /// Makes the workspace of an attempt. Whatever fails, nothing is left of it.
    ///
    /// - Parameters:
    ///   - owner: whom it belongs to; `nil` for the service's own user.
    ///   - reuses: whether that of the attempt before is taken up, also where the project does not say so.
    ///   - isReusable: whether a later attempt may take up this one, also where the project does not say so.
    public func prepare(
        _ ref: AttemptRef, _ project: Project, owner: FileOwner? = nil, reuses: Bool = false, isReusable: Bool = false
    ) throws(WorkspaceError) -> Workspace {
        let base = root.base(ref)
        let name = WorkspaceRoot.name(of: base)
        guard active.withLock({ $0.insert(name).inserted }) else {
            throw WorkspaceError(.unusableRoot, "The attempt \(ref) has a workspace already, which is in use.")
        }
        do throws(WorkspaceError) {
            // Of an attempt of that number that another instance's task left, or a clock that went back.
            if root.discard(base) { root.emptyTrash() }
            let isReusable = isReusable || project.reusesWorkspace
            if reuses || project.reusesWorkspace,
                let workspace = try reuse(ref, project, base, owner, isReusable: isReusable)
            {
                return workspace
            }
            return try make(ref, project, base, owner, isReusable: isReusable)
        } catch {
            active.withLock { _ = $0.remove(name) }
            root.discard(base)
            root.emptyTrash()
            throw error
        }
    }

    /// Takes the workspace back when nothing of the attempt runs any more: keeps it as the project says, or removes it.
    public func remove(_ workspace: Workspace, _ outcome: WorkspaceOutcome) {
        let project = workspace.project
        let isKept =
            switch outcome {
            case .succeeded: project.keep == .always
            case .failed: project.keep != .never || project.reusesWorkspace
            case .interrupted: project.keep == .always || workspace.isReusable
            case .cancelled: project.keep == .always
            }
        if isKept {
            do {
                try kept.keep(workspace.base, WorkspaceRecord(project, isReusable: workspace.isReusable))
            } catch {
                logger.warning("The workspace \(workspace.base) cannot be kept: \(error)")
                root.discard(workspace.base)
            }
        } else if !blanks.give(workspace) {
            root.discard(workspace.base)
        }
        active.withLock { _ = $0.remove(WorkspaceRoot.name(of: workspace.base)) }
        collect()
    }

    /// Removes kept workspaces whose time is over, and the oldest of those that are too many. Call it now and then.
    public func collect() {
        for base in kept.superfluous(isActive: isActive) {
            // An attempt may have taken the name meanwhile.
            active.withLock { active in
                if !active.contains(WorkspaceRoot.name(of: base)) { root.discard(base) }
            }
        }
        root.emptyTrash()
    }

    /// Removes the mirrors of repositories that no project names any more. Call it before attempts are prepared.
    public func removeMirrors(unusedBy projects: ProjectCatalog) { mirrors.removeUnused(projects) }

    /// The way to a project's repository; `nil` where it has none.
    func gateway(_ project: Project) throws(WorkspaceError) -> RepositoryGateway? {
        guard case .repository(let repository) = project.source else { return nil }
        return try mirrors.gateway(repository, of: project)
    }

    private func isActive(_ base: String) -> Bool {
        active.withLock { $0.contains(WorkspaceRoot.name(of: base)) }
    }

    /// Waits until all that was to be removed is.
    public func finishRemovals() { root.finishRemovals() }

    private func make(
        _ ref: AttemptRef, _ project: Project, _ base: String, _ owner: FileOwner?, isReusable: Bool
    ) throws(WorkspaceError) -> Workspace {
        if project.source == .empty, !isReusable, blanks.take(base, for: owner) {
            return Workspace(
                ref: ref, project: project, owner: owner, base: base, isReused: false, isReusable: false, warnings: [])
        }
        let place = root.halfMade()
        var warnings: [String] = []
        do {
            guard mkdir(place, 0o700) == 0 else { throw FileError(place) }
            if owner != nil { chmod(place, 0o711) }
            let directory = try Directory(path: place)
            try addPrivate(directory, Workspace.homeName, owner)
            try fill(directory, place + "/" + Workspace.directoryName, project, owner, &warnings)
            // The others need none before they are kept: without one they go at the next start.
            if isReusable { try WorkspaceRecord(project, isReusable: isReusable).write(in: place) }
            guard rename(place, base) == 0 else { throw FileError(base) }
        } catch {
            root.discard(place)
            throw diskError(error)
        }
        return Workspace(
            ref: ref, project: project, owner: owner, base: base, isReused: false, isReusable: isReusable,
            warnings: warnings)
    }

    private func fill(
        _ directory: Directory, _ path: String, _ project: Project, _ owner: FileOwner?, _ warnings: inout [String]
    ) throws {
        let name = FileName(Workspace.directoryName)
        switch project.source {
        case .empty:
            return try addPrivate(directory, Workspace.directoryName, owner)
        case .directory(let source):
            let target = try directory.make(name)
            let result = try DirectorySource(source).copy(to: target, project, owner, excluding: root.path)
            if result.skipped > 0 {
                warnings.append("\(result.skipped) devices, sockets, pipes or other file systems were not copied")
            }
        case .repository(let repository):
            warnings += try mirrors.checkout(repository, of: project, to: path)
            let target = try directory.directory(name)
            if let owner { try TreeOwnership.give(target, to: owner) }
        }
        // The root of a source may be anybody's; that of a workspace is its task's alone.
        try directory.directory(name).makePrivate(to: owner)
    }

    private func addPrivate(_ directory: Directory, _ name: String, _ owner: FileOwner?) throws(FileError) {
        try directory.make(FileName(name)).makePrivate(to: owner)
    }

    func diskError(_ error: any Error) -> WorkspaceError {
        if let error = error as? WorkspaceError { return error }
        return WorkspaceError(.disk, "The workspace cannot be made in \(root.path): \(error)")
    }
}

extension Directory {
    /// Makes it the owner's, and nobody else's.
    func makePrivate(to owner: FileOwner?) throws(FileError) {
        if let owner, fchown(descriptor, owner.user, owner.group) != 0 { throw FileError("giving a directory away") }
        guard fchmod(descriptor, 0o700) == 0 else { throw FileError("closing a directory") }
    }
}
