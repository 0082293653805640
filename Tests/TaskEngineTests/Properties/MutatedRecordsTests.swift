import Foundation
import TaskEngine
import TaskModel
import TestKit
import Testing

/// Damaged records through decoding and engine: whatever comes, each leaves its trace and nothing is lost.
@Suite struct MutatedRecordsTests {
    @Test("of 100,000 mutated records each is taken in or dead-lettered, and none is lost")
    func none() throws {
        var generator = SeededGenerator(seed: 5)
        var engine = PartitionEngine(partition: 0, epoch: 1, configuration: .test())
        let seeds = try Self.examples()
        #expect(seeds.count >= 8)
        let sent = 100_000
        var (takenIn, deadLettered) = (0, 0)
        for offset in 0..<sent {
            let seed = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
            let record = InboundRecord(
                channel: seed.channel, topic: "t", partition: 0, offset: Int64(offset), key: nil,
                value: Mutation.mutated(seed.value, times: 0...4, using: &generator), timestamp: .start)
            let effects = engine.handle(.record(record, Self.decode(record), .here), now: .start)
            let letters = Effects(effects).deadLetters
            #expect(letters.allSatisfy { $0.record == record })
            if letters.isEmpty {
                #expect(!effects.isEmpty, "no trace of \(String(decoding: record.value ?? [], as: UTF8.self))")
                takenIn += effects.isEmpty ? 0 : 1
            } else {
                deadLettered += 1
            }
        }
        #expect(takenIn + deadLettered == sent)
        #expect(takenIn > 1000 && deadLettered > 50_000, "\(takenIn) and \(deadLettered)")
    }

    private static func decode(_ record: InboundRecord) -> Result<InboundMessage, ContractViolation> {
        do throws(ContractViolation) {
            return .success(try InboundMessage.decode(record))
        } catch {
            return .failure(error)
        }
    }

    /// The contract's own examples of what may come in.
    private static func examples() throws -> [(channel: InboundRecord.Channel, value: [UInt8])] {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        folder.appendPathComponent("topics/examples")
        let channels: [(prefix: String, channel: InboundRecord.Channel)] = [
            ("task-request", .requests), ("task-action", .requests), ("confirmation-decision", .confirmations),
            ("runner-report.finished", .reports),
        ]
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().compactMap { name in
            guard let channel = channels.first(where: { name.hasPrefix($0.prefix) })?.channel else { return nil }
            return (channel, [UInt8](try Data(contentsOf: folder.appendingPathComponent(name))))
        }
    }
}
