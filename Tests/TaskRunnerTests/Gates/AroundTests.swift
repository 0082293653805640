import Foundation
import TaskModel
import Testing

@testable import TaskRunner

/// Each tries to get a commit onto `main` of the project's repository without a decision, or to have something run
/// outside. What counts is looked at outside: the repository, a canary file that only the service's user can write to.
@Suite("Ways around the gate")
struct AroundTests {
    struct Around: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        /// Whether the way ends at a question: then it led to the broker, as it should.
        var isAsked = false
        var testDescription: String { name }
    }

    /// `$REMOTE` is the repository's address, `$CANARY` a file of the machine.
    static let ways = [
        Around(name: "the real git by its path", script: "/usr/bin/git push origin HEAD:main", isAsked: true),
        Around(name: "a copied git", script: "cp /usr/bin/git ./mine; ./mine push origin HEAD:main", isAsked: true),
        Around(
            name: "no settings of the system",
            script:
                "GIT_CONFIG_NOSYSTEM=1 git push origin HEAD:main; GIT_CONFIG_SYSTEM=/dev/null git push origin HEAD:main"
        ),
        Around(
            name: "the repository's path on the machine", script: "git push \"file://$REMOTE\" HEAD:main; ls $REMOTE"),
        Around(
            name: "a new remote, by every scheme",
            script: """
                for url in https://example.invalid/a.git http://127.0.0.1:9/a.git ssh://git@example.invalid/a \
                    git://127.0.0.1/a git@example.invalid:a.git "pandar::https://example.invalid/a.git" "pandar::$REMOTE/"
                do git remote remove new 2>/dev/null; git remote add new "$url"; timeout 20 git push new HEAD:main; done
                """),
        Around(
            name: "core.sshCommand, hooks, filters, fsmonitor, credential helper",
            script: """
                cat > .git/config.evil <<E
                E
                git config core.sshCommand "touch $CANARY"; git config core.fsmonitor "touch $CANARY"
                git config credential.helper "!touch $CANARY"; git config core.hooksPath /workspace/hooks
                git config uploadpack.packObjectsHook "touch $CANARY"; git config receive.procReceiveRefs refs
                git config core.pager "touch $CANARY"; git config diff.external "touch $CANARY"
                git config gpg.program "touch $CANARY"; git config log.showSignature true
                mkdir -p hooks .git/hooks
                for hook in pre-push pre-receive update post-receive post-update reference-transaction post-checkout; do
                  printf '#!/bin/sh\\ntouch %s || true\\n' "$CANARY" > hooks/$hook; chmod +x hooks/$hook; cp hooks/$hook .git/hooks
                done
                echo '* filter=x diff=x' > .gitattributes; git config filter.x.clean "touch $CANARY; cat"
                git config diff.x.textconv "touch $CANARY"; git add .gitattributes hooks; git commit -qm attributes
                git push origin HEAD:main
                """, isAsked: true),
        Around(
            name: "an alias, and one of a shell",
            script: "git config alias.st 'push origin HEAD:main'; git st", isAsked: true),
        Around(
            name: "GIT_ variables",
            script: """
                export GIT_SSH_COMMAND="touch $CANARY" GIT_SSH="touch $CANARY" GIT_ASKPASS="touch $CANARY"
                export GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=remote.origin.pushurl GIT_CONFIG_VALUE_0=git@example.invalid:a
                export GIT_CONFIG_KEY_1=core.hooksPath GIT_CONFIG_VALUE_1=/workspace GIT_EXTERNAL_DIFF="touch $CANARY"
                timeout 20 git push origin HEAD:main; timeout 20 git push "ssh://x@example.invalid/a" HEAD:main
                GIT_ALTERNATE_OBJECT_DIRECTORIES=/ GIT_PROXY_COMMAND="touch $CANARY" git push git://127.0.0.1/a HEAD:main
                """),
        Around(
            name: "a name that only looks different",
            script: "git push origin HEAD:refs/heads/Main HEAD:refs/heads/release/9", isAsked: true),
        Around(
            name: "in one push with something harmless",
            script: "git push origin HEAD:refs/heads/x HEAD:refs/heads/main", isAsked: true),
        Around(name: "all, and mirror", script: "git push --mirror origin", isAsked: true),
        Around(
            name: "a submodule",
            script: """
                git -c protocol.file.allow=always submodule --quiet add ./. sub 2>/dev/null
                git init --quiet sub; cd sub; git remote add up "$REMOTE"; git commit -qm x --allow-empty
                git push --force up HEAD:main
                """, isAsked: true),
        Around(
            name: "a program that serves the remote's side",
            script: "git push --receive-pack=\"touch $CANARY; git-receive-pack\" origin HEAD:main", isAsked: true),
        Around(
            name: "upload-pack's and archive's services, and others by name",
            script: """
                printf 'connect git-upload-archive\\n' | git-remote-pandar x "$REMOTE"
                printf 'connect git-receive-pack --x\\n' | git-remote-pandar x "$REMOTE"
                printf 'connect touch %s\\n' "$CANARY" | git-remote-pandar x "$REMOTE"
                git archive --remote=origin HEAD | wc -c; git fetch --upload-pack="touch $CANARY" origin
                """),
        Around(
            name: "raw sockets",
            script: """
                python3 - <<E
                import socket
                for family, address in ((socket.AF_INET, ('127.0.0.1', 22)), (socket.AF_INET, ('192.0.2.1', 443)),
                                        (socket.AF_INET6, ('::1', 22)), (socket.AF_UNIX, '$REMOTE/x')):
                    try:
                        s = socket.socket(family); s.settimeout(5); s.connect(address); print('CONNECTED', address)
                    except OSError: pass
                E
                """),
    ]

    @Test("is closed", arguments: ways)
    func around(_ way: Around) async throws {
        let fixture = try GateFixture()
        let old = try fixture.tip("refs/heads/main")
        let canary = fixture.place / "canary"
        let ref = try fixture.start(
            "export REMOTE=\(fixture.remote) CANARY=\(canary)\nchange three\n( \(way.script)\n)\nexit 0\n")
        if way.isAsked {
            let question = try await fixture.question(of: ref)
            #expect(question.gate == "git_push_protected")
            #expect(try fixture.tip("refs/heads/main") == old)
            fixture.answer(question, of: ref, .refused(reason: "no"))
        }
        let report = try await fixture.runner.finished(ref)
        #expect(report.outcome == .completed)
        #expect(fixture.questions.isEmpty == !way.isAsked)
        let side = try fixture.tip("refs/heads/side")
        let all = try fixture.tip("refs/heads/")
        #expect(all == "\(old)\n\(side)")
        #expect(!fixture.place.exists("canary"))
        let output = try fixture.runner.output()
        #expect(!output.contains("CONNECTED"))
    }

    @Test("What is fetched is the project's repository, and no object that none of its names leads to")
    func hiddenObjects() async throws {
        // A shallow workspace has only what its branch leads to; a whole one is a copy of the mirror.
        let fixture = try GateFixture(depth: 1)
        let end = try await fixture.run("git fetch --quiet origin; echo $?")
        #expect(end.output == "0\n")
        // A commit that the mirror still has, of a branch that is gone.
        try fixture.source.git("checkout", "--quiet", "-b", "secret")
        try fixture.source.commit("hidden", "h")
        let hidden = try fixture.source.git("rev-parse", "HEAD")
        try fixture.source.git("push", "--quiet", fixture.remote, "secret")
        let fetch = "git fetch --quiet origin '+refs/heads/*:refs/remotes/origin/*'"
        let second = try fixture.start("sleep 1; \(fetch); git rev-parse origin/secret", id: "second")
        _ = try await fixture.runner.finished(second)
        // What others have pushed meanwhile is there.
        #expect(fixture.runner.sink.recorded.text(second, .stdout) == "\(hidden)\n")
        try fixture.source.git("push", "--quiet", fixture.remote, ":secret")
        let third = try fixture.start("sleep 1; \(fetch); git fetch origin \(hidden); echo code $?", id: "third")
        _ = try await fixture.runner.finished(third)
        #expect(fixture.runner.sink.recorded.text(third, .stdout) == "code 128\n")
    }
}
