import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("Hostile system calls")
struct CallEscapes {
    /// What the filter answers; everything else that the program tries is refused with EPERM.
    private static let absent: Set<String> = ["io-uring", "clone3-user", "open-tree-attr", "unknown-call"]
    /// What the filter leaves to the kernel, which refuses it where there is something to protect.
    private static let kernels: Set<String> = [
        "open-memory-of-init", "open-environment-of-init", "open-descriptors-of-init", "open-root-of-init",
        "open-program-of-init",
    ]
    private static let traces: Set<String> = [
        "ptrace-own-child", "ptrace-init", "read-memory-of-init", "write-memory-of-init", "kcmp",
        "take-descriptor-of-init", "personality",
    ]

    @Test("Mounts, namespaces, modules, keys, tracing, clocks: refused by the filter, every one")
    func calls() async throws {
        let hostile = try Attack.hostile()
        let told = try await Attack.sandboxed("\(hostile) calls").told
        #expect(told.count >= 70)
        for (name, answer) in told {
            if Self.absent.contains(name) {
                #expect(answer == "ENOSYS", "\(name)")
            } else if Self.kernels.contains(name) {
                #expect(["EACCES", "EPERM"].contains(answer), "\(name): \(answer)")
            } else {
                #expect(answer == "EPERM", "\(name)")
            }
        }
        // In namespaces of its own nearly all of it works, so nothing of the machine is touched.
        let control = try await Attack.unconfined("unshare -Urmpfnui \(hostile) calls").told
        #expect(Set(control.keys) == Set(told.keys))
        #expect(control.values.count { $0 == "ok" } > 25, "\(control)")
    }

    @Test("A permissive profile opens the tracing of own children, and nothing else")
    func permissive() async throws {
        let told = try await Attack.sandboxed("\(try Attack.hostile()) calls", mode: .permissive).told
        #expect(told["ptrace-own-child"] == "ok")
        #expect(told["personality"] == "ok")
        for (name, answer) in told where !["ptrace-own-child", "personality"].contains(name) {
            let expected: Set<String> = Self.absent.contains(name) ? ["ENOSYS"] : ["EPERM", "EACCES"]
            #expect(expected.contains(answer), "\(name): \(answer)")
        }
        #expect(Self.traces.isSubset(of: told.keys))
    }

    @Test("Sockets that reach the hypervisor, the wire or the kernel; routes; interfaces")
    func sockets() async throws {
        let hostile = try Attack.hostile()
        let attack = try await Attack.sandboxed("\(hostile) sockets")
        let told = attack.told
        for name in ["vsock", "packet", "alg", "bluetooth", "xdp", "can", "tipc", "rds", "key"] {
            #expect(told[name] == "EAFNOSUPPORT", "\(name)")
        }
        for name in ["uevent", "netfilter", "audit", "crypto"] {
            #expect(told["netlink-\(name)"] == "EPROTONOSUPPORT", "\(name)")
        }
        for name in ["raw-icmp", "raw-ip6", "netlink-new-interface", "change-interface"] {
            #expect(told[name] == "EPERM", "\(name)")
        }
        for name in ["documentation", "metadata", "private", "ip6", "link-local-ip6"] {
            #expect(told["route-\(name)"].map { $0 != "ok" } == true, "\(name)")
        }
        #expect(attack.output.split(separator: "\n").filter { $0.hasPrefix("interface=") } == ["interface=lo"])
        let control = try await Attack.unconfined("unshare -Urn \(hostile) sockets").told
        #expect(control["packet"] == "ok" && control["raw-icmp"] == "ok" && control["netlink-uevent"] == "ok")
    }

    @Test("System calls by the numbers of x32 and of i386")
    func foreign() async throws {
        let hostile = try Attack.hostile()
        let wide = try await Attack.sandboxed("\(hostile) foreign x32")
        guard !wide.output.contains("not on this machine") else {
            return print("not run: other numbers for system calls exist on x86-64 only")
        }
        #expect(wide.told == ["x32-getpid": "ENOSYS", "x32-mount": "ENOSYS"])
        let narrow = try await Attack.sandboxed("\(hostile) foreign i386")
        #expect(narrow.output == "before\n")
        #expect(narrow.report.result.signal == SIGSYS)
        #expect(try await Attack.unconfined("\(hostile) foreign i386").output.contains("int80="))
    }

    @Test("Keys pushed into the terminal, line disciplines, the console", arguments: [true, false])
    func terminal(has: Bool) async throws {
        let hostile = try Attack.hostile()
        let attack = try await Attack.sandboxed("\(hostile) terminal", terminal: has)
        #expect(attack.told["is-terminal"]?.trimmingCharacters(in: .whitespaces) == (has ? "ok" : "ENOTTY"))
        for name in ["tiocsti", "tiocsti-high-bits", "tioclinux", "tioclinux-high-bits", "tiocsetd"] {
            #expect(attack.told[name] == "EPERM", "\(name)")
        }
        #expect(attack.told["tioccons"] != "ok")
        // Had a key arrived, the terminal would have shown it.
        #expect(!attack.output.contains("#"))
    }

    @Test("A terminal of the machine's, which the service has, is not to be had")
    func controllingTerminal() async throws {
        let attack = try await Attack.sandboxed(
            Attack.python(
                """
                attempt('tty', lambda: os.open('/dev/tty', os.O_RDWR))
                attempt('console', lambda: os.open('/dev/console', os.O_RDWR))
                for number in range(64): attempt(f'pts{number}', lambda: os.open(f'/dev/pts/{number}', os.O_RDWR))
                """))
        #expect(attack.told["tty"] != nil)
        #expect(!attack.output.contains("=done"))
    }
}
