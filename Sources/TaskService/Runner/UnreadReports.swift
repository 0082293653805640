internal import Synchronization
internal import TaskModel

/// Attempts whose end has been posted to the owner's thread and not been read yet: a partition that is restored in this
/// moment must not take them for lost.
final class UnreadReports: Sendable {
    private let state = Mutex<Set<AttemptRef>>([])

    func insert(_ ref: AttemptRef) {
        state.withLock { _ = $0.insert(ref) }
    }

    func remove(_ ref: AttemptRef) {
        state.withLock { _ = $0.remove(ref) }
    }

    var refs: Set<AttemptRef> { state.withLock { $0 } }
}
