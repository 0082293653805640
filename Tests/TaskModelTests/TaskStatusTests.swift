import TaskModel
import Testing

@Suite struct TaskStatusTests {
    @Test("exactly the contract's transitions are legal")
    func transitions() {
        let legal: Set<[TaskStatus]> = [
            [.pending, .running], [.pending, .waitingConfirmation], [.pending, .cancelled],
            [.running, .waitingConfirmation], [.running, .completed], [.running, .failed], [.running, .cancelled],
            [.running, .pending], [.waitingConfirmation, .running], [.waitingConfirmation, .cancelled],
            [.waitingConfirmation, .failed], [.failed, .pending], [.cancelled, .pending],
        ]
        for from in TaskStatus.allCases {
            for to in TaskStatus.allCases {
                #expect(from.canBecome(to) == (from == to || legal.contains([from, to])), "\(from) → \(to)")
            }
        }
    }
}
