import PandarConfiguration
import Testing

@Suite("The nearest name")
struct NearestNameTests {
    @Test("a slip of the pen finds its name")
    func finds() {
        #expect(NearestName.of("runner.slot", in: ["runner.slots", "http.listen"]) == "runner.slots")
    }

    @Test("something else finds nothing")
    func findsNothing() {
        #expect(NearestName.of("colour", in: ["runner.slots", "http.listen"]) == nil)
    }
}
