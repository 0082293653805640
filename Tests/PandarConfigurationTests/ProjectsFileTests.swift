import Foundation
import PandarConfiguration
import TaskModel
import TaskRunner
import Testing

@Suite("The file of projects")
struct ProjectsFileTests {
    private func read(_ text: String, environment: [String: String]? = nil) throws -> ProjectCatalog {
        try ProjectsFile.read(text: text, name: "projects.yaml", environment: environment)
    }

    private func message(_ text: String, environment: [String: String]? = nil) -> String {
        do {
            _ = try read(text, environment: environment)
            return "no error"
        } catch {
            return "\(error)"
        }
    }

    @Test("Without a file every project has an empty workspace")
    func noFile() throws {
        let catalog = try ProjectsFile.load(path: "")
        #expect(catalog.project(7)?.source == .empty)
        #expect(catalog.project(7)?.id == 7)
        #expect(catalog.project(0) == nil)
    }

    @Test("Everything that a project can have")
    func full() throws {
        let catalog = try read(
            """
            projects:
              1:
                name: website
                repository: https://example.invalid/website.git
                ref: main
                depth: 50
                token: file:/run/secrets/website
                keep: on_failure
                keep_hours: 48
                disk_mb: 4_096
                reuse: true
                sandbox: strict
                secrets:
                  API_KEY: env:WEBSITE_API_KEY
              2: {directory: /srv/tools}
              3: {name: nothing}
            """)
        #expect(
            catalog.project(1)
                == Project(
                    id: 1, name: "website",
                    source: .repository(
                        Repository(
                            location: "https://example.invalid/website.git", ref: "main", depth: 50,
                            token: .file("/run/secrets/website"))),
                    keep: .onFailure, keepSeconds: 172_800, diskLimitMB: 4096, reusesWorkspace: true,
                    secrets: [ProjectSecret(name: "API_KEY", source: .environment("WEBSITE_API_KEY"))],
                    sandboxProfile: "strict"))
        #expect(catalog.project(2) == Project(id: 2, name: "project 2", source: .directory("/srv/tools")))
        #expect(catalog.project(3) == Project(id: 3, name: "nothing"))
        #expect(catalog.project(4) == nil, "no default: others are unknown")
        #expect(catalog.named.map(\.id) == [1, 2, 3])
    }

    @Test("Programs that run outside")
    func acts() throws {
        let catalog = try read(
            """
            projects:
              1:
                acts:
                  kubectl:
                    environment: {TOKEN: env:CLUSTER_TOKEN}
                    files: {.kube/config: file:/etc/pandar/kubeconfig}
                    sandbox: cluster
                    timeout_sec: 60
                    ungated: inside
                  helm: {}
            """)
        #expect(
            catalog.project(1)?.acts == [
                ProjectAct(
                    program: "kubectl",
                    environment: [ProjectSecret(name: "TOKEN", source: .environment("CLUSTER_TOKEN"))],
                    files: [ProjectFile(path: ".kube/config", source: .file("/etc/pandar/kubeconfig"))],
                    sandboxProfile: "cluster", timeoutSeconds: 60, ungated: .inside),
                ProjectAct(program: "helm"),
            ])
    }

    @Test("A default is what ids stand for that are not named")
    func fallback() throws {
        let catalog = try read("projects:\n  1: {name: one}\ndefault: {name: rest, disk_mb: 10}\n")
        #expect(catalog.project(1)?.name == "one")
        #expect(catalog.project(99)?.name == "rest")
        #expect(catalog.project(99)?.id == 99)
        #expect(catalog.project(-1) == nil)
    }

    @Test(
        "What is wrong is told with its place",
        arguments: [
            ("projects:\n  one: {name: x}\n", "projects.one must be named by a project_id"),
            ("projects:\n  0: {name: x}\n", "projects.0 must be named by a project_id"),
            ("projects:\n  01: {name: x}\n", "projects.01 must be named by a project_id"),
            ("projects:\n  1: {directry: /x}\n", "did you mean directory?"),
            ("projects:\n  1: {directory: x}\n", "must be an absolute path, but is \"x\""),
            ("projects:\n  1: {directory: /x, repository: /y}\n", "cannot both be given"),
            ("projects:\n  1: {directory: /x, ref: main}\n", "projects.1.ref means nothing without repository"),
            ("projects:\n  1: {repository: /x, ref: -f}\n", "is not the name of a branch"),
            ("projects:\n  1: {repository: \"ext::sh -c id\"}\n", "must be an absolute path or a URL"),
            ("projects:\n  1: {repository: /x, token: env:A}\n", "needs a repository with https"),
            ("projects:\n  1: {keep: sometimes}\n", "must be one of: never, on_failure, always"),
            ("projects:\n  1: {disk_mb: 0}\n", "must be a whole number from 1"),
            ("projects:\n  1: {secrets: {PATH: env:A}}\n", "is a name that a secret cannot have"),
            ("projects:\n  1: {secrets: {LD_PRELOAD: env:A}}\n", "is a name that a secret cannot have"),
            ("projects:\n  1: {secrets: {a-b: env:A}}\n", "is not the name of an environment variable"),
            ("project:\n  1: {name: x}\n", "did you mean projects?"),
            ("projects:\n  1: {budget: {week: {tokens: 1}}}\n", "week"),
            ("projects:\n  1: {budget: {task: {tokens: 0}}}\n", "must be a whole number from 1"),
            ("projects:\n  1: {budget: {day: {cost_usd: much}}}\n", "must be an amount of US dollars above 0"),
            ("projects:\n  1: {budget: {day: {cost_usd: -1}}}\n", "must be an amount of US dollars above 0"),
            ("projects:\n  1: {acts: {a/b: {}}}\n", "must be named by a program"),
            ("projects:\n  1: {acts: {git: {}}}\n", "is a program that cannot be an act"),
            ("projects:\n  1: {acts: {kubectl: {environment: {LD_PRELOAD: env:A}}}}\n", "that a secret cannot have"),
            ("projects:\n  1: {acts: {kubectl: {files: {../x: env:A}}}}\n", "must be named by a path beneath"),
            ("projects:\n  1: {acts: {kubectl: {files: {/x: env:A}}}}\n", "must be named by a path beneath"),
            ("projects:\n  1: {acts: {kubectl: {timeout_sec: 0}}}\n", "must be a whole number from 1"),
            ("projects:\n  1: {acts: {kubectl: {ungated: never}}}\n", "must be one of: outside, inside, ask"),
            ("projects:\n  1: {acts: {kubectl: {timeout: 1}}}\n", "timeout"),
        ])
    func wrong(text: String, expected: String) {
        let message = message(text)
        #expect(message.hasPrefix("projects.yaml:"))
        #expect(message.contains(expected), "\(message)")
    }

    @Test("A secret that stands in the file itself, or in an address, is refused and not repeated")
    func inPlace() {
        for text in [
            "projects:\n  1: {secrets: {KEY: hunter2hunter2}}\n",
            "projects:\n  1: {acts: {kubectl: {environment: {KEY: hunter2hunter2}}}}\n",
            "projects:\n  1: {acts: {kubectl: {files: {.kube/config: hunter2hunter2}}}}\n",
            "projects:\n  1: {repository: \"https://user:hunter2hunter2@example.invalid/a\"}\n",
        ] {
            #expect(message(text).hasPrefix("projects.yaml:2: projects.1."))
            #expect(!message(text).contains("hunter2"))
        }
    }

    @Test("A secret that is missing or too short is told at once")
    func unusable() {
        let text = "projects:\n  1: {secrets: {KEY: env:KEY}}\n"
        #expect(message(text, environment: ["KEY": "long enough"]) == "no error")
        #expect(message(text, environment: [:]).contains("KEY is not set for the service"))
        #expect(message(text, environment: ["KEY": "12345"]).contains("fewer than 6 bytes"))
        #expect(!message(text, environment: ["KEY": "12345"]).contains("12345"))
    }

    @Test("config/projects.yaml changes nothing as it stands, and is right with its comments taken away")
    func example() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../config/projects.yaml").standardizedFileURL.path()
        let catalog = try ProjectsFile.load(path: path)
        #expect(catalog.named.isEmpty)
        #expect(catalog.project(5)?.source == .empty)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            line.hasPrefix("#  ") ? line.dropFirst() : line
        }
        let full = try read(lines.joined(separator: "\n"))
        #expect(full.named.count == 3)
        #expect(full.project(1)?.secrets.count == 2)
        #expect(full.project(1)?.acts.map(\.program) == ["kubectl", "terraform"])
        #expect(full.project(1)?.taskBudget == TaskBudget(tokens: 2_000_000, costMicros: 5_000_000))
        #expect(full.project(1)?.dayBudget == TaskBudget(tokens: 50_000_000, costMicros: 100_000_000))
        #expect(full.project(2)?.taskBudget.isEmpty == true)
    }
}
