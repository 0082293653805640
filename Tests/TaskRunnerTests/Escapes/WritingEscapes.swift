import Foundation
import TaskModel
import TaskRunner
import Testing

@Suite("Hostile programs that write")
struct WritingEscapes {
    @Test("Outside the workspace: links, .., descriptors, other processes' roots and directories")
    func paths() async throws {
        let canary = try Canary()
        let command = Attack.python(
            ["file": canary.file, "directory": canary.directory],
            """
            file, directory = values['file'], values['directory']
            def write(path):
                with open(path, 'a') as target: return target.write('escaped')
            def symlink():
                os.symlink(file, 'link')
                return write('link')
            def directories():
                os.symlink(directory, 'there')
                return write('there/new')
            def hardlink():
                os.link(file, 'hard')
                return write('hard')
            attempt('symlink', symlink)
            attempt('symlink-directory', directories)
            attempt('hardlink', hardlink)
            attempt('rename', lambda: os.rename(file, 'taken'))
            attempt('create', lambda: os.mkdir(directory + '/new-directory'))
            for depth in range(1, 12): attempt(f'up-{depth}', lambda: write('../' * depth + file))
            for root in roots(): attempt(root, lambda: write(root + file))
            """)
        let attack = try await Attack.sandboxed(command)
        #expect(attack.told["symlink"]?.contains("FileNotFoundError") == true)
        #expect(canary.isUntouched)
        _ = try await Attack.unconfined(command)
        #expect(!canary.isUntouched)
    }

    @Test("Links that the service would follow when it clears up")
    func leftLinks() async throws {
        let canary = try Canary()
        let fixture = try RunnerFixture(isolation: RunnerFixture.sandbox())
        let report = try await fixture.run(
            Attack.python(
                ["file": canary.file, "directory": canary.directory],
                """
                for place in ('.', os.environ['HOME']):
                    os.makedirs(place + '/a/b')
                    os.symlink(values['directory'], place + '/a/b/link')
                    os.symlink(values['file'], place + '/file')
                    os.symlink('/', place + '/root')
                    os.symlink('..', place + '/a/up')
                    os.mkfifo(place + '/fifo')
                    # No path reaches the last of these, and nobody but root may enter it.
                    start = os.getcwd()
                    os.chdir(place)
                    for _ in range(1500):
                        os.mkdir('deep')
                        os.chdir('deep')
                    open('file', 'w')
                    os.chmod('.', 0)
                    os.chdir(start)
                """))
        #expect(report.outcome == .completed)
        try await eventually("the workspace is gone") {
            try FileManager.default.contentsOfDirectory(atPath: fixture.directory).allSatisfy { $0.hasPrefix(".") }
                && (try FileManager.default.contentsOfDirectory(atPath: fixture.directory + "/.trash")).isEmpty
        }
        #expect(canary.isUntouched)
    }

    @Test("A file of the machine by its handle, past the mounts")
    func handles() async throws {
        let canary = try Canary()
        let hostile = try Attack.hostile()
        let made = try await Attack.unconfined("\(hostile) handle make \(canary.file)")
        let handle = made.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !handle.isEmpty else { return print("not run: the file system of \(canary.file) has no handles") }
        let attack = try await Attack.sandboxed("\(hostile) handle open \(handle) /workspace")
        #expect(attack.output == "open-by-handle=EPERM\n")
        #expect(canary.isUntouched)
        // Only root may, also without a sandbox.
        if geteuid() == 0 {
            let control = try await Attack.unconfined("\(hostile) handle open \(handle) \(canary.directory)")
            #expect(control.output.contains(canary.secret))
        }
    }

    @Test("The system's files, the service's own, and the program that starts everything in the sandbox")
    func system() async throws {
        let initProgram = try HostProcess.built("pandar-init").path()
        let host = ["/usr/bin/env", "/etc/passwd", "/etc/ld.so.cache", initProgram]
        let before = try host.map(FileStamp.init)
        let attack = try await Attack.sandboxed(
            Attack.python(
                """
                places = ['/usr/bin/env', '/bin/sh', '/etc/passwd', '/etc/ld.so.cache', '/etc/hosts', '/run/pandar/init',
                    '/usr', '/etc', '/', '/run', '/run/pandar', '/var', '/home', '/dev', '/dev/null', '/proc/1/exe']
                def write(path):
                    with open(path, 'r+b', 0) as file: return file.write(b'x')
                for path in places:
                    attempt(path, lambda: write(path)) if path != '/dev/null' else None
                    attempt(path, lambda: os.chmod(path, 0o4777))
                    attempt(path, lambda: os.chown(path, os.getuid(), os.getgid()))
                    attempt(path, lambda: os.utime(path, (1, 1)))
                    attempt(path, lambda: os.setxattr(path, 'user.x', b'x'))
                    attempt(path, lambda: os.rename(path, path + '.old'))
                    attempt(path, lambda: os.link(path, '/workspace/hard'))
                    attempt(path, lambda: os.unlink(path))
                    attempt(path, lambda: os.mkdir(path + '/new'))
                """))
        #expect(attack.output.contains("/run/pandar/init="))
        #expect(
            !attack.output.contains("done"), "\(attack.output.split(separator: "\n").filter { $0.contains("done") })")
        #expect(try host.map(FileStamp.init) == before)
    }

    @Test("init's program while it runs, as runc's was written over (CVE-2019-5736)")
    func ownProgram() async throws {
        let path = try HostProcess.built("pandar-init").path()
        let before = try FileStamp(path)
        let attack = try await Attack.sandboxed(
            Attack.python(
                """
                # A copy of init runs as the program, and its image is reached through /proc.
                child = os.fork()
                if child == 0: os.execv('/run/pandar/init', ['/run/pandar/init'])
                for number in ('1', str(child), 'self'):
                    attempt('write-' + number, lambda: os.open(f'/proc/{number}/exe', os.O_WRONLY))
                    attempt('truncate-' + number, lambda: os.open(f'/proc/{number}/exe', os.O_RDWR | os.O_TRUNC))
                attempt('mapped', lambda: os.open('/proc/self/map_files/400000-401000', os.O_RDWR))
                """))
        #expect(attack.told["write-1"] != nil)
        #expect(!attack.output.contains("done"))
        #expect(try FileStamp(path) == before)
    }

    @Test("Devices, the kernel's switches, and what a crash would start")
    func kernelFiles() async throws {
        let switches = [
            "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sys/kernel/hostname",
            "/proc/sys/vm/overcommit_memory", "/proc/sys/fs/binfmt_misc/register", "/proc/sys/net/ipv4/ip_forward",
        ]
        func values() -> [String?] { switches.map { try? String(contentsOfFile: $0, encoding: .utf8) } }
        let before = values()
        let attack = try await Attack.sandboxed(
            Attack.python(
                ["switches": switches.joined(separator: " ")],
                """
                def write(path, text='1'):
                    file = os.open(path, os.O_WRONLY)
                    return os.write(file, text.encode())
                for path in values['switches'].split(' '): attempt(path, lambda: write(path))
                # `h` only prints help.
                attempt('sysrq', lambda: write('/proc/sysrq-trigger', 'h'))
                for path in ('/dev/mem', '/dev/kmem', '/dev/port', '/dev/kmsg', '/dev/sda', '/dev/vda', '/dev/nvme0n1',
                    '/dev/kvm', '/dev/fuse', '/dev/vsock', '/dev/net/tun', '/dev/loop-control', '/dev/userfaultfd',
                    '/proc/kcore', '/proc/kmsg', '/proc/kpagecount', '/sys/kernel/uevent_helper', '/sys/power/state',
                    '/sys/fs/cgroup/memory/release_agent', '/sys/fs/cgroup/cgroup.procs', '/proc/self/loginuid',
                    '/proc/1/oom_score_adj', '/proc/1/setgroups', '/proc/1/uid_map', '/proc/self/uid_map'):
                    attempt(path, lambda: write(path, 'x'))
                    if path.startswith('/proc/1/') or path.startswith('/proc/self/'): continue
                    attempt(path, lambda: os.read(os.open(path, os.O_RDONLY), 1))
                for kind in (0o020666, 0o060666):
                    attempt('node', lambda: os.mknod('/workspace/node', kind, os.makedev(1, 1)))
                    attempt('node', lambda: os.mknod('/tmp/node', kind, os.makedev(254, 0)))
                attempt('sys', lambda: os.listdir('/sys'))
                """))
        #expect(attack.told["sysrq"] != nil)
        #expect(
            !attack.output.contains("=done"), "\(attack.output.split(separator: "\n").filter { $0.contains("=done") })")
        #expect(values() == before)
    }

    @Test("A crash calls no handler of the machine, whatever the program does to the limit that says so")
    func coreLimit() async throws {
        let attack = try await Attack.sandboxed(
            Attack.python(
                """
                import resource
                for limits in ((0, 0), (1, 1), (0, 1)):
                    attempt('set', lambda: resource.setrlimit(resource.RLIMIT_CORE, limits))
                    attempt('set', lambda: resource.prlimit(0, resource.RLIMIT_CORE, limits))
                print('limit=' + str(resource.getrlimit(resource.RLIMIT_CORE)), flush=True)
                os.system('ulimit -c 0; ulimit -c; true')
                os.kill(os.getpid(), signal.SIGSEGV)
                """))
        #expect(attack.told["limit"] == "(1, 1)")
        #expect(attack.report.result.signal == SIGSEGV)
    }
}

/// What tells that a file was written to, replaced, or changed in its rights.
struct FileStamp: Equatable {
    private let content: Data
    private let mode: mode_t
    private let owner: uid_t
    private let inode: ino_t
    private let changed: Int

    init(_ path: String) throws {
        var status = stat()
        try #require(stat(path, &status) == 0, "no \(path)")
        content = try Data(contentsOf: URL(filePath: path))
        mode = status.st_mode
        owner = status.st_uid
        inode = status.st_ino
        changed = status.st_ctim.tv_sec
    }
}
