import TaskModel
import TestKit
import Testing

@Suite struct TimestampTests {
    @Test(
        "known moments are read and written",
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("2000-02-29T00:00:00.000Z", 951_782_400_000),
            ("2026-11-23T16:30:00.000Z", 1_795_451_400_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func vectors(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test(
        "zones and fractions give the same moment",
        arguments: ["2026-11-23T18:30:00+02:00", "2026-11-23T11:00:00.000-05:30", "2026-11-23T16:30:00Z"])
    func zones(text: String) {
        #expect(Timestamp(text)?.milliseconds == 1_795_451_400_000)
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "2026-11-23", "2026-11-23T16:30:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "1900-02-29T00:00:00Z", "2026-11-23T24:00:01Z", "2026-11-23T16:60:00Z", "2026-11-23T16:30:00+25:00", "now",
            "1969-12-31T23:59:59.999Z",
        ])
    func refused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("every millisecond from 1970 to 9999 survives writing and reading")
    func roundTrip() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20_000 {
            let time = Timestamp(milliseconds: .random(in: 0...253_402_300_799_999, using: &generator))
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test("adding saturates at the ends")
    func saturation() {
        #expect(Timestamp(milliseconds: .max).adding(milliseconds: 1).milliseconds == .max)
        #expect(Timestamp(milliseconds: .min).adding(milliseconds: -1).milliseconds == .min)
        #expect(Timestamp(milliseconds: 0).adding(seconds: .max).milliseconds == .max)
        #expect(Timestamp(milliseconds: 0).adding(seconds: .min).milliseconds == .min)
        #expect(Timestamp(milliseconds: -1).adding(seconds: .min).milliseconds == .min)
        #expect(Timestamp(milliseconds: 5000).adding(seconds: -3).milliseconds == 2000)
    }
}
