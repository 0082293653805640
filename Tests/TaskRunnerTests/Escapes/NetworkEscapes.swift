import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("Hostile programs that reach out")
struct NetworkEscapes {
    private static let connect = """
        def tcp(family, address):
            with socket.socket(family, socket.SOCK_STREAM) as made: made.connect(address)
        def udp(family, address):
            with socket.socket(family, socket.SOCK_DGRAM) as made: return made.sendto(b'escaped', address)
        """

    @Test("TCP and UDP to the machine's loopback, by IPv4 and IPv6", arguments: [false, true])
    func loopback(version6: Bool) async throws {
        let listeners: [Listener]
        do {
            listeners = try [Listener(stream: true, version6: version6), Listener(stream: false, version6: version6)]
        } catch {
            return print("not run: this machine has no loopback of IPv\(version6 ? 6 : 4)")
        }
        let command = Attack.python(
            [
                "tcp": String(listeners[0].port), "udp": String(listeners[1].port), "family": version6 ? "6" : "4",
            ],
            """
            \(Self.connect)
            version6 = values['family'] == '6'
            family = socket.AF_INET6 if version6 else socket.AF_INET
            names = ['::1', 'localhost'] if version6 else ['127.0.0.1', '127.0.0.53', '0.0.0.0', 'localhost', '127.1']
            for name in names:
                attempt('tcp-' + name, lambda: tcp(family, (name, int(values['tcp']))))
                attempt('udp-' + name, lambda: udp(family, (name, int(values['udp']))))
            """)
        let attack = try await Attack.sandboxed(command)
        #expect(attack.told[version6 ? "tcp-::1" : "tcp-127.0.0.1"]?.contains("ConnectionRefused") == true)
        #expect(listeners.map { $0.hasHeard() } == [false, false])
        _ = try await Attack.unconfined(command)
        #expect(listeners.map { $0.hasHeard() } == [true, true])
    }

    @Test("Names are resolved by nobody")
    func names() async throws {
        let attack = try await Attack.sandboxed(
            Attack.python(
                """
                for name in ('example.org', 'metadata.google.internal', 'host.docker.internal'):
                    attempt(name, lambda: socket.getaddrinfo(name, 80))
                """))
        #expect(attack.told.count == 3)
        #expect(!attack.output.contains("=done"))
    }

    @Test("Unix sockets: the places of Docker's and D-Bus's, and one that listens; abstract ones")
    func unixSockets() async throws {
        let canary = try Canary()
        let path = "\(canary.directory)/docker.sock"
        let abstract = "@pandar-canary-\(canary.secret)"
        let listeners = try [Listener(unix: path), Listener(unix: abstract)]
        let command = Attack.python(
            ["path": path, "abstract": abstract],
            """
            def connect(address):
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made:
                    made.setblocking(False)
                    made.connect(address)
            for root in roots(): attempt(root, lambda: connect((root + values['path'])[-107:]))
            attempt('abstract', lambda: connect('\\0' + values['abstract'][1:]))
            for path in ('/var/run/docker.sock', '/run/docker.sock', '/run/containerd/containerd.sock',
                '/run/podman/podman.sock', '/run/dbus/system_bus_socket', '/run/systemd/private',
                '/run/systemd/journal/socket', '/run/user/0/bus', '/tmp/.X11-unix/X0', '/dev/log'):
                attempt(path, lambda: connect(path))
            for name in ('/tmp/dbus-x', '/tmp/.X11-unix/X0', '/containerd-shim/x'): attempt('@', lambda: connect('\\0' + name))
            """)
        let attack = try await Attack.sandboxed(command)
        #expect(attack.told["abstract"]?.contains("ConnectionRefused") == true)
        #expect(!attack.output.contains("=done"))
        #expect(listeners.map { $0.hasHeard() } == [false, false])
        _ = try await Attack.unconfined(command)
        #expect(listeners.map { $0.hasHeard() } == [true, true])
    }

    @Test("A descriptor of the machine passed over a socket: two attempts have none in common")
    func passedDescriptors() async throws {
        let fixture = try RunnerFixture(isolation: RunnerFixture.sandbox())
        let giver = try fixture.start(
            Attack.python(
                """
                listeners = []
                for address in ('\\0pandar-meeting', '/tmp/meeting', '/workspace/meeting', '/dev/shm/meeting'):
                    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                    made.bind(address)
                    made.listen()
                    made.setblocking(False)
                    listeners.append(made)
                print('ready', flush=True)
                while not os.path.exists('go'): time.sleep(0.05)
                for made in listeners: attempt('accepted', made.accept)
                """), id: "giver")
        try await fixture.printed("ready", by: giver)
        let taker = Attack.python(
            """
            def connect(address):
                with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made: made.connect(address)
            for address in ('\\0pandar-meeting', '/tmp/meeting', '/workspace/meeting', '/dev/shm/meeting'):
                attempt('connect', lambda: connect(address))
            """)
        _ = try await fixture.finished(try fixture.start(taker, id: "taker"))
        #expect(!(try fixture.output("taker").contains("=done")))
        try "".write(toFile: "\(fixture.directory)/giver-1/workspace/go", atomically: false, encoding: .utf8)
        _ = try await fixture.finished(giver)
        #expect(try fixture.output("giver").components(separatedBy: "accepted=BlockingIOError").count == 5)
    }

    @Test("Shared memory, semaphores and queues of the machine's")
    func interprocess() async throws {
        let name = "/pandar-canary-\(UUID().uuidString.prefix(8))"
        let queue = shm_open(name, O_RDWR | O_CREAT, 0o666)
        try #require(queue >= 0)
        let key = key_t.random(in: 1...key_t.max)
        let segment = shmget(key, 4096, IPC_CREAT | 0o666)
        defer {
            close(queue)
            shm_unlink(name)
            if segment >= 0 { shmctl(segment, IPC_RMID, nil) }
        }
        let command = Attack.python(
            ["name": name, "key": String(key)],
            """
            libc = ctypes.CDLL(None, use_errno=True)
            attempt('shm', lambda: open('/dev/shm' + values['name']))
            found = libc.shmget(int(values['key']), 0, 0)
            print('segment=' + ('found' if found >= 0 else 'none'))
            """)
        let attack = try await Attack.sandboxed(command)
        #expect(attack.told["shm"]?.contains("FileNotFoundError") == true)
        #expect(attack.told["segment"] == "none")
        if segment >= 0 { #expect(try await Attack.unconfined(command).told["segment"] == "found") }
    }
}
