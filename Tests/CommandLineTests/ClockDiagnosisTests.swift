import Testing

@testable import pandar

@Suite("The doctor looks at the clock")
struct ClockDiagnosisTests {
    @Test("a clock that nothing keeps in time, or that may be off, is a warning with a remedy")
    func warnings() {
        for state in [
            ClockDiagnosis.State(isSynchronised: false, largestError: 0),
            ClockDiagnosis.State(isSynchronised: true, largestError: 3_000_000),
        ] {
            let finding = ClockDiagnosis.finding(state)
            #expect(finding.verdict == .warn)
            #expect(!finding.remedy.isEmpty)
        }
    }

    @Test("a clock that is kept in time is fine")
    func fine() {
        let finding = ClockDiagnosis.finding(ClockDiagnosis.State(isSynchronised: true, largestError: 12_000))
        #expect(finding.verdict == .ok)
        #expect(finding.detail == "synchronised, right to 0.012 s")
    }

    @Test("this machine's clock can be asked")
    func real() {
        #expect(ClockDiagnosis.finding().subject == "clock")
    }
}
