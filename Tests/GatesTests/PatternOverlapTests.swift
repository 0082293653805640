import Testing

@testable import Gates

@Suite("Patterns that overlap")
struct PatternOverlapTests {
    @Test(
        "two patterns overlap exactly if a text matches both",
        arguments: [
            ("refs/heads/*", "refs/heads/main", true), ("refs/heads/f*", "refs/heads/main", false),
            ("refs/*", "refs/heads/release/*", true), ("refs/heads/*x", "refs/heads/release/*", true),
            ("refs/tags/*", "refs/heads/*", false), ("a*c", "ab*", true), ("a*c", "b*", false), ("?", "ab", false),
            ("A[xy]", "ab", true), ("*", "", true), ("", "", true), ("a", "", false), ("*a*", "*b*", true),
        ])
    func overlap(_ left: String, _ right: String, _ expected: Bool) {
        #expect(PatternOverlap.exists(left, right) == expected)
        #expect(PatternOverlap.exists(right, left) == expected)
    }
}
