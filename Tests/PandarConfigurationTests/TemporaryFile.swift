import Foundation

/// A file that is there for the length of a test.
func withFile<Value>(_ content: String, _ body: (String) throws -> Value) throws -> Value {
    let path = NSTemporaryDirectory() + "pandar-test-\(UUID().uuidString)"
    try Data(content.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}
