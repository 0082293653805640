internal import Foundation

/// What is piped into a command.
enum StandardInput {
    /// Everything up to the end.
    static func all() throws(CommandError) -> [UInt8] {
        do {
            return Array(try FileHandle.standardInput.readToEnd() ?? Data())
        } catch {
            throw CommandError(.badInput, "The standard input cannot be read: \(error.localizedDescription).")
        }
    }
}
