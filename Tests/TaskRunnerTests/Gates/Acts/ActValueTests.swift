import Foundation
import Testing

@testable import TaskRunner

@Suite("Values of programs that run outside")
struct ActValueTests {
    @Test(
        "Links that lead out of the tree",
        arguments: [
            ("a", 0, false), ("a/b", 0, false), ("./a", 0, false), ("..", 0, true), ("..", 1, false),
            ("../..", 1, true),
            ("../a", 1, false), ("a/..", 1, true), ("a/../..", 3, true), ("/etc/passwd", 0, true),
            ("/workspace", 0, false), ("/workspace/a", 0, false), ("/workspace/../etc", 0, true),
            ("/workspaces/a", 0, true), ("/proc/self/environ", 5, true), ("./../a", 0, true), ("a/./b", 0, false),
        ])
    func links(target: String, depth: Int, escapes: Bool) {
        #expect(EscapingLink(point: "/workspace").escapes(Array(target.utf8), depth: depth) == escapes)
    }

    @Test("Words that may lead credentials elsewhere, and those that do not")
    func hazards() {
        for words in [
            ["kubectl", "get", "--kubeconfig", "x"], ["kubectl", "get", "--kubeconfig=x"],
            ["kubectl", "-s", "x", "get"],
            ["aws", "s3", "ls", "--endpoint-url=http://x"], ["aws", "s3", "ls", "--endpoint", "http://x"],
            ["helm", "template", "x", "--post-renderer", "./x"], ["helm", "list", "--kube-apiserver=x"],
            ["helm", "template", "x", "--set-file", "a=/proc/self/environ"], ["gcloud", "list", "--flags-file=x"],
            ["gh", "api", "--hostname", "evil"], ["kubectl", "get", "-f", "~/x"],
        ] {
            #expect(ActHazards.find(words) != nil, "\(words)")
        }
        for words in [
            ["kubectl", "get", "pods", "-n", "x", "-o", "json"], ["kubectl", "get", "pods", "-ojson"],
            ["kubectl", "logs", "-f", "pod"], ["kubectl", "get", "-A", "pods"],
            ["kubectl", "diff", "-f", "dir/a.yaml"],
            ["helm", "template", "x", "./chart", "--set", "a=b"], ["aws", "s3", "ls", "s3://a/b"],
            ["kubectl", "get", "-f", "/workspace/x.yaml"], ["kubectl", "get", "--server-print=false"],
        ] {
            #expect(ActHazards.find(words) == nil, "\(words)")
        }
    }

    @Test("Of a file every long word is hidden, wherever it is printed")
    func words() throws {
        let text = """
            token: 0123456789abcdef
            password: "correct horse battery"
            aws_secret_access_key=wJalrXUtnFEMI/K7MDENG
            {"private_key": "-----BEGIN KEY-----\\nMIIEvQIBADANBgkq\\n"}
            server: https://cluster.example.com
            """
        let words = Set(ActCredentials.words(of: SecretValue(Array(text.utf8))).map(\.text))
        for word in ["0123456789abcdef", "wJalrXUtnFEMI/K7MDENG", "MIIEvQIBADANBgkq"] { #expect(words.contains(word)) }
        #expect(!words.contains("https://cluster.example.com"))
    }

    @Test("The digest of a tree is of names, modes, content and links, and of nothing else")
    func digests() throws {
        func digest(_ change: (Place) throws -> Void) throws -> [UInt8] {
            let place = try Place()
            try place.write("tree/a", "text")
            try place.write("tree/b/c", "more")
            try change(place)
            return try TreeManifest(Directory(path: place / "tree")).digest().digest
        }
        let plain = try digest { _ in }
        #expect(try digest { try touch($0) } == plain)
        let others = [
            try digest { try $0.write("tree/a", "Text") }, try digest { chmod($0 / "tree/a", 0o755) },
            try digest { rename($0 / "tree/a", $0 / "tree/d") }, try digest { symlink("a", $0 / "tree/d") },
            try digest { try $0.directory("tree/e") }, try digest { unlink($0 / "tree/b/c") },
        ]
        #expect(Set(others + [plain]).count == others.count + 1)
    }

    private func touch(_ place: Place) throws {
        try output(of: ["touch", "-d", "2001-01-01", place / "tree/a"])
    }

    @Test("Files come back through no link that was laid meanwhile")
    func hostileTarget() throws {
        let place = try Place()
        for name in ["copy/sub/new", "copy/top", "copy/pipe"] { try place.write(name, "made") }
        try place.directory("target")
        try place.directory("outside")
        try place.write("outside/file", "theirs")
        let copy = try Directory(path: place / "copy")
        let before = try TreeManifest(Directory(path: place / "target"))
        try #require(symlink("../outside", place / "target/sub") == 0)
        try #require(symlink("../outside/file", place / "target/top") == 0)
        try #require(mkfifo(place / "target/pipe", 0o600) == 0)
        let result = TreeReturn(
            before: before, after: try TreeManifest(copy), copy: copy, target: try Directory(path: place / "target"),
            owner: nil, mask: SecretMask([])
        ).run()
        #expect(result == TreeReturn.Result(returned: 0, kept: 3))
        #expect(try place.names("outside") == ["file"])
        #expect(try place.read("outside/file") == "theirs")
    }
}
