import TaskModel
import Testing

@Suite struct PartitionerTests {
    /// From `UtilsTest.testMurmur2` of Apache Kafka.
    @Test(
        "murmur2 hashes as Java's client does",
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971), ("abc", 479_470_107),
        ] as [(String, Int32)])
    func murmur2(key: String, hash: Int32) {
        for count: Int32 in [1, 6, 1000, .max] {
            #expect(Partitioner.murmur2.partition(of: key, count: count) == (hash & .max) % count)
        }
    }

    @Test("crc32 hashes as zlib does", arguments: [("123456789", 0xCBF4_3926), ("", 0)] as [(String, UInt32)])
    func crc32(key: String, hash: UInt32) {
        for count: Int32 in [1, 6, 1000, .max] {
            #expect(Partitioner.crc32.partition(of: key, count: count) == Int32(hash % UInt32(count)))
        }
    }
}
