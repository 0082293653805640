import Agents
import TaskModel
import Testing

@Suite("An order to the driver")
struct AgentOrderTests {
    @Test("is read as it was written")
    func roundTrip() throws {
        let proxy = ProxyAgent(
            agent: "claude", adapter: .claudeStreamJSON, program: ["claude", "-p"], environment: ["B": "2"],
            recovery: .stand)
        let rules = [
            ProgressRule(try LinePattern("[{done}/{total}] {step}"), phase: .working),
            ProgressRule(try LinePattern("linking"), percent: 90, phase: .finalizing, step: "link"),
        ]
        let order = AgentOrder(
            adapter: .acp, program: ["gemini", "--acp"], environment: ["A": "1"], prompt: "Do \"it\"\n",
            directory: "/w",
            session: "s", resumeNote: "n", reports: "fd:3", proxy: proxy, answerLimit: 3, answerSeconds: 6,
            progress: rules,
            prompts: [
                PromptRule(try LinePattern("licence"), .text("yes")),
                PromptRule(try LinePattern("Password"), .secret("REGISTRY")),
            ], handshakeSeconds: 4,
            graceSeconds: 5)
        #expect(try AgentOrder(json: order.json()) == order)
    }

    @Test(
        "names what is wrong with it",
        arguments: [
            ("[]", "JSON object"), (#"{"adapter":"telnet"}"#, "adapter"), (#"{"adapter":"acp"}"#, "program"),
            (#"{"adapter":"acp","program":["x"]}"#, "prompt"),
            (#"{"adapter":"acp","program":["x"],"prompt":"p","cwd":"w"}"#, "cwd"),
            (#"{"adapter":"acp","program":["x"],"prompt":"p","cwd":"/w","proxy":{"adapter":"exec"}}"#, "proxy.adapter"),
            (#"{"adapter":"acp","program":["x"],"prompt":"","cwd":"/w","progress":[{"pattern":"{"}]}"#, "progress"),
            (#"{"adapter":"exec","program":["x"],"prompt":"","cwd":"/w","prompts":[{"pattern":"a"}]}"#, "prompts"),
        ])
    func invalid(text: String, member: String) {
        do {
            _ = try AgentOrder(json: Array(text.utf8))
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.description.contains(member))
        }
    }

    @Test("has a prompt of the words, the description and the context")
    func prompt() {
        let prompt = AgentPrompt(words: ["audit", "--fix"], description: "d", context: ["ticket": 7]).text
        #expect(prompt.hasPrefix("audit --fix\n\n# Description\n\nd\n\n# Context\n\n```json\n{\"ticket\":7}\n```\n\n"))
        #expect(AgentPrompt(words: ["fix it"], context: "c").text.hasPrefix("fix it\n\n# Context\n\nc\n\n"))
    }

    @Test(
        "ends with a status that says what can be done",
        arguments: [
            (AgentFailure(status: 429, ""), 75), (AgentFailure(status: 503, ""), 75),
            (AgentFailure(status: 401, ""), 77),
            (AgentFailure(status: 403, ""), 1), (AgentFailure(status: 400, ""), 1), (AgentFailure(.other, ""), 1),
        ] as [(AgentFailure, Int32)])
    func statuses(failure: AgentFailure, status: Int32) {
        #expect(AgentResult.failed(failure).exitCode == status)
    }
}
