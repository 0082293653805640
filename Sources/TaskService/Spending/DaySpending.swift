internal import Synchronization
public import TaskModel
public import TaskRunner

/// What projects have used today, kept up by the tail and asked by the runner.
///
/// It knows what the status topic tells, of all instances, as late as snapshots are: while the tail is behind, and in the
/// seconds between two snapshots of an attempt, it is too low.
public final class DaySpending: ProjectSpending {
    private let ledger: Mutex<SpendingLedger>
    private let now: @Sendable () -> Timestamp

    /// - Parameter now: the clock; the day that counts is its.
    public init(now: @escaping @Sendable () -> Timestamp = { .now }) {
        ledger = Mutex(SpendingLedger())
        self.now = now
    }

    /// Takes accounts of attempts in; those of days before yesterday are passed over.
    public func note(_ accounts: [AttemptUsage]) {
        guard !accounts.isEmpty else { return }
        let yesterday = UTCDay(now()).adding(days: -1)
        ledger.withLock { ledger in
            ledger.forget(before: yesterday)
            for account in accounts { ledger.note(account) }
        }
    }

    public func today(project: Int64, besides attempt: AttemptRef) -> TokenUsage {
        let today = UTCDay(now())
        return ledger.withLock { $0.total(project, on: today, besides: attempt) }
    }
}
