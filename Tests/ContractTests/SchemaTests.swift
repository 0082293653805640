import Foundation
import TaskModel
import Testing

@Suite struct SchemaTests {
    private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let root = tests.deletingLastPathComponent().deletingLastPathComponent()
    private static let topics = root.appendingPathComponent("topics")

    @Test("what the code writes, the schemas, the AsyncAPI document and the definitions agree")
    func agreement() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pandar-contract-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, json) in try EncodedRecords.all() {
            try Data(json).write(to: folder.appendingPathComponent("\(name).json"))
        }
        try Data(JSONWriter.bytes(of: layout)).write(to: folder.appendingPathComponent("layout"))
        let (status, output) = try Self.run([
            Self.tests.appendingPathComponent("validate.py").path, Self.topics.path, folder.path,
        ])
        #expect(status == 0, "\(output)")
    }

    @Test("the AsyncAPI document lists every reason of a dead letter, and no other")
    func reasons() throws {
        let text = try String(contentsOf: Self.topics.appendingPathComponent("asyncapi.yaml"), encoding: .utf8)
        let list =
            text.components(separatedBy: "__dlq.errors.reason:").last?.components(separatedBy: "enum: [").dropFirst()
            .first?.components(separatedBy: "]").first ?? ""
        let names = list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        #expect(names == ContractViolation.Reason.allCases.map(\.rawValue))
    }

    @Test(
        "the code accepts the valid examples and refuses the invalid ones", arguments: ["examples", "examples/invalid"])
    func examples(folder: String) throws {
        let path = Self.topics.appendingPathComponent(folder)
        let files = try FileManager.default.contentsOfDirectory(atPath: path.path).filter { $0.hasSuffix(".json") }
        var checked = 0
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: path.appendingPathComponent(file)))
            guard let isAccepted = Self.accepts(String(file.prefix { $0 != "." }), bytes) else { continue }
            #expect(isAccepted == (folder == "examples"), "\(file)")
            checked += 1
        }
        #expect(checked >= 10)
    }

    /// `nil` for records that the code only writes.
    private static func accepts(_ kind: String, _ bytes: [UInt8]) -> Bool? {
        let channels: [String: InboundRecord.Channel] = [
            "task-request": .requests, "task-action": .requests, "confirmation-decision": .confirmations,
            "runner-report": .reports,
        ]
        do {
            if let channel = channels[kind] {
                _ = try InboundMessage.decode(
                    InboundRecord(
                        channel: channel, topic: "t", partition: 0, offset: 0, key: nil, value: bytes,
                        timestamp: Timestamp(milliseconds: 0)))
            } else if kind == "task-snapshot" {
                _ = try TaskSnapshot(json: bytes)
            } else {
                return nil
            }
            return true
        } catch {
            return false
        }
    }

    private var layout: JSONValue {
        .object(
            JSONObject(
                TopicLayout().definitions.map { topic in
                    let config = topic.config.map { JSONObject.Member(name: $0.key, value: .string($0.value)) }
                    return .init(
                        name: topic.name,
                        value: ["partitions": .integer(Int64(topic.partitions)), "config": .object(JSONObject(config))])
                }))
    }

    /// Runs the Python of `PANDAR_TEST_PYTHON`, else that of `.venv`, else the system's.
    private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let local = root.appendingPathComponent(".venv/bin/python").path
        let python =
            ProcessInfo.processInfo.environment["PANDAR_TEST_PYTHON"]
            ?? (FileManager.default.isExecutableFile(atPath: local) ? local : "python3")
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [python] + arguments
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
