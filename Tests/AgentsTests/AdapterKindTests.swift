import Agents
import Testing

@Suite("The kinds of adapters")
struct AdapterKindTests {
    @Test("have the names that the configuration uses")
    func names() {
        #expect(AdapterKind.allCases.map(\.rawValue) == ["codex-app-server", "claude-stream-json", "acp", "exec"])
    }
}
