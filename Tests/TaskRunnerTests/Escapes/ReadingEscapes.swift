import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("Hostile programs that read")
struct ReadingEscapes {
    private static let readByEveryRoot = """
        for root in roots():
            for target in values['targets'].split(' '):
                try:
                    with open(root + target, 'rb') as file: print(root, target, file.read(4096))
                except OSError: pass
        print('end')
        """

    @Test("The machine's passwords and the service's database, by every way to the root")
    func files() async throws {
        let canary = try Canary()
        let command = Attack.python(
            ["targets": "\(canary.file) /etc/shadow /etc/shadow- /etc/machine-id /root/.bashrc"], Self.readByEveryRoot)
        let attack = try await Attack.sandboxed(command)
        #expect(attack.output.contains("end"))
        #expect(!attack.output.contains(canary.secret))
        #expect(!attack.output.contains("root:"))
        let machine = (try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8))?.prefix(32) ?? "none"
        #expect(machine.isEmpty || !attack.output.contains(machine))
        #expect(try await Attack.unconfined(command).output.contains(canary.secret))
    }

    @Test("A file with the name of the database, anywhere that can be walked to")
    func walk() async throws {
        let canary = try Canary()
        let command = Attack.python(
            ["name": String(canary.directory.split(separator: "/").last ?? ""), "start": canary.directory],
            """
            start = '/' if os.uname().nodename == 'sandbox' else os.path.dirname(values['start'])
            for place, names, files in os.walk(start):
                if place in ('/proc', '/sys'): names.clear()
                if values['name'] in names: print('found', place)
            print('end')
            """)
        let attack = try await Attack.sandboxed(command)
        #expect(attack.output == "end\n")
        #expect(try await Attack.unconfined(command).output.contains("found"))
    }

    @Test("The service's environment and memory")
    func serviceMemory() async throws {
        let service = try CanaryProcess()
        let command = Attack.python(
            ["pid": String(service.pid), "address": service.address],
            """
            libc = ctypes.CDLL(None, use_errno=True)
            class Part(ctypes.Structure): _fields_ = [('base', ctypes.c_void_p), ('size', ctypes.c_size_t)]
            def copied(number):
                text = ctypes.create_string_buffer(36)
                own = Part(ctypes.cast(text, ctypes.c_void_p), 36)
                other = Part(int(values['address']), 36)
                count = libc.process_vm_readv(number, ctypes.byref(own), 1, ctypes.byref(other), 1, 0)
                return text.raw if count > 0 else os.strerror(ctypes.get_errno())
            def read(number):
                with open(f'/proc/{number}/mem', 'rb', 0) as file:
                    file.seek(int(values['address']))
                    return file.read(36)
            for number in [values['pid']] + processes():
                attempt('environment', lambda: open(f'/proc/{number}/environ', 'rb').read())
                attempt('memory', lambda: read(number))
                attempt('copied', lambda: copied(int(number)))
            """)
        let attack = try await Attack.sandboxed(command)
        #expect(attack.output.contains("environment="))
        #expect(!attack.output.contains(service.environmentSecret))
        #expect(!attack.output.contains(service.memorySecret))
        let control = try await Attack.unconfined(command).output
        #expect(control.contains(service.environmentSecret))
        #expect(control.components(separatedBy: service.memorySecret).count > 2)
    }

    @Test("What the attempt itself is given has nothing of the service's environment")
    func environment() async throws {
        let secret = UUID().uuidString
        setenv("PANDAR_CANARY_VARIABLE", secret, 1)
        setenv("LD_PRELOAD_CANARY", secret, 1)
        let command = Attack.python(
            "print(os.environ)\nfor number in processes(): attempt(number, lambda: open(f'/proc/{number}/environ').read())"
        )
        let attack = try await Attack.sandboxed(command)
        #expect(attack.output.contains("PANDAR_TASK_ID"))
        #expect(!attack.output.contains(secret))
    }

    @Test("The process table shows the sandbox's own processes only")
    func processTable() async throws {
        let service = try CanaryProcess()
        let attack = try await Attack.sandboxed(
            Attack.python("for number in processes(): print(number, open(f'/proc/{number}/comm').read().strip())"))
        let lines = attack.output.split(separator: "\n")
        #expect(lines.count == 2, "init and the program: \(lines)")
        #expect(lines.first == "1 pandar-init")
        #expect(service.isAlive)
    }

    @Test("Another attempt's workspace, which holds a secret and is being worked in")
    func otherWorkspace() async throws {
        let fixture = try RunnerFixture(isolation: RunnerFixture.sandbox())
        let secret = UUID().uuidString
        let victim = try fixture.start(
            RunnerFixture.shell(
                "for place in . $HOME /tmp /dev/shm; do echo \(secret) > $place/secret; done; echo ready; "
                    + "until [ -e go ]; do sleep 0.05; done; cat secret $HOME/secret /tmp/secret /dev/shm/secret; ls"),
            id: "victim")
        try await fixture.printed("ready", by: victim)
        let workspace = "\(fixture.directory)/victim-1/workspace"
        let command = Attack.python(
            ["targets": "\(workspace)/secret /workspace/secret /tmp/secret /dev/shm/secret /home/pandar/secret"],
            """
            for root in roots():
                for target in values['targets'].split(' '):
                    try: print(open(root + target).read())
                    except OSError: pass
            attempt('write', lambda: open(values['targets'].split(' ')[0], 'w').write('stolen'))
            """)
        _ = try await fixture.finished(try fixture.start(command, id: "attacker"))
        #expect(try fixture.output("attacker").contains("write=FileNotFoundError"))
        #expect(!(try fixture.output("attacker").contains(secret)))
        #expect(try String(contentsOfFile: "\(workspace)/secret", encoding: .utf8) == "\(secret)\n")
        let control = try await Attack.unconfined(command.replacing("stolen", with: secret))
        #expect(control.output.contains(secret))
        try "".write(toFile: "\(workspace)/go", atomically: false, encoding: .utf8)
        #expect(try await fixture.finished(victim).outcome == .completed)
        let own = try fixture.output("victim")
        #expect(own.components(separatedBy: secret).count == 5, "\(own)")
    }

    @Test("Descriptors that the service left open to be inherited")
    func descriptors() async throws {
        let canary = try Canary()
        let open = (0..<20).map { _ in Glibc.open(canary.directory, O_RDONLY | O_DIRECTORY) }
        defer { for descriptor in open { close(descriptor) } }
        let attack = try await Attack.sandboxed("\(try Attack.hostile()) descriptors")
        let lines = attack.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 3)
        #expect(lines.first == "0 /dev/null")
        #expect(lines.dropFirst().allSatisfy { $0.contains("pipe:[") })
        // As working directory: the hole of runc's CVE-2024-21626.
        let cwd = try await Attack.sandboxed(
            Attack.python(
                "for number in range(3, 1024): attempt(f'{number}', lambda: os.listdir(f'/proc/self/fd/{number}/..'))"))
        #expect(!cwd.output.contains("done"))
    }
}
