import CommandPolicy
import TaskModel

/// Verdicts of the command policy that ships, on one thread.
struct PolicyBenchmark: Benchmark {
    let name = "policy"
    let summary = "verdicts of the built-in command policy, on one thread"

    func run(_ options: BenchOptions) async throws -> [Figure] {
        let count = 50_000
        let commands = (0..<count).map(Self.command)
        let policy = CommandPolicy.builtIn
        var sink = 0
        let rate = Measure.rate(of: count) {
            for command in commands {
                sink &+= policy.verdict(of: command, approvalPolicy: .autoWithGates).argv.count
            }
        }
        let baseline = Measure.rate(of: count) {
            for command in commands { sink &+= (try? CommandLine(command))?.words.count ?? 0 }
        }
        withExtendedLifetime(sink) {}
        return [Figure("policy_verdict_rate", rate, "verdicts/s", baseline: baseline, comparison: "splitting alone")]
    }

    /// What upstream sends, and now and then what must be caught.
    private static func command(_ number: Int) -> String {
        let words = SampleTasks.words
        let verb = words[number % words.count]
        let other = words[number / 7 % words.count]
        switch number % 10 {
        case 0: return "env CI=1 nice -n 5 sh -c 'cd \(verb) && rm -rf build-\(number)'"
        case 1: return "claude -p 'please \(verb) the module, then write a summary of what you did to \(other)'"
        case 2: return "docker run --rm \(verb):\(number)"
        case 3: return "gemini --prompt \"\(verb) and \(other) the service \(number)\" --yolo"
        default: return "codex \(verb) --fix --create-pr --branch \(other)-\(number)"
        }
    }
}
