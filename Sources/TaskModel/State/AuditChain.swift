internal import Crypto

/// The history of a task's confirmations as a chain: every entry carries the hash of the one before it, the first that of
/// the task's id. Who changes, drops, inserts or reorders an entry must change all after it, and these were told to others
/// when they were made: the notification of a decision carries the entry as it stood.
public enum AuditChain {
    /// What the first entry carries. Bound to the task, so that no history can be another's.
    public static func beginning(of task: TaskID) -> String {
        SHA256.hash(data: Array("pandar audit ".utf8) + Array(task.text.utf8)).hexadecimal
    }

    /// The entry at the end of the history, with the hash of what stands before it.
    public static func append(_ entry: Confirmation, to history: inout [Confirmation], of task: TaskID) {
        var entry = entry
        entry.previousHash = head(of: history, task: task)
        history.append(entry)
    }

    /// What the next entry will carry.
    public static func head(of history: [Confirmation], task: TaskID) -> String {
        history.last?.hash ?? beginning(of: task)
    }

    /// One hash over the ends of many histories, in their order.
    public static func digest(of heads: [String]) -> String {
        SHA256.hash(data: Array(heads.joined(separator: "\n").utf8)).hexadecimal
    }

    /// The first entry that does not carry the hash of the one before it; `nil` when the chain holds.
    public static func firstBreak(in history: [Confirmation], of task: TaskID) -> Int? {
        var expected = beginning(of: task)
        for (index, entry) in history.enumerated() {
            guard entry.previousHash == expected else { return index }
            expected = entry.hash
        }
        return nil
    }
}

extension Confirmation {
    /// SHA-256 over question and decisions as JSON, in hexadecimal. Without `use`: it comes later.
    public var hash: String {
        var writer = JSONWriter(capacity: 1024)
        write(to: &writer, use: nil)
        return SHA256.hash(data: writer.bytes).hexadecimal
    }
}
