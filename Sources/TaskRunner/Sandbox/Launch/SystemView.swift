internal import Foundation

/// What of the machine every sandbox sees, read-only. Found once, when the service starts.
struct SystemView: Sendable {
    /// Options of bubblewrap, in order.
    let arguments: [String]
    /// The directories of `PATH` outside the system; after the places that would hide them.
    let programs: [String]

    /// Files of `/etc` that programs need and that tell nothing about the machine's users. Names and hosts come from
    /// files of our own.
    private static let settings = [
        "/etc/alternatives", "/etc/ca-certificates", "/etc/ca-certificates.conf", "/etc/ld.so.cache",
        "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/mime.types", "/etc/pki/tls/certs",
        "/etc/protocols", "/etc/services", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/terminfo",
        "/etc/timezone", "/etc/magic", "/etc/python3", "/etc/java-17-openjdk",
    ]

    /// - Parameters:
    ///   - path: `PATH` of attempts; its directories outside the system are shown too.
    ///   - directory: where the files that stand for the machine's own are made.
    init(path: String, directory: String, uid: UInt32, gid: UInt32) throws {
        // bubblewrap makes what is missing on the way for itself alone; the attempt must be able to pass.
        var arguments = ["--ro-bind", "/usr", "/usr"] + Self.passage(to: ["/etc/ssl/x", "/etc/pki/tls/x"])
        for name in ["bin", "sbin", "lib", "lib32", "lib64", "libx32"] {
            arguments += Self.link(name)
        }
        for path in Self.settings where access(path, F_OK) == 0 { arguments += ["--ro-bind", path, path] }
        for (name, text) in Self.files(uid: uid, gid: gid) {
            let file = "\(directory)/\(name)"
            // A file that is replaced while somebody mounts it is not there for him.
            if FileManager.default.contents(atPath: file) != Data(text.utf8) {
                try Data(text.utf8).write(to: URL(filePath: file), options: .atomic)
                chmod(file, 0o644)
            }
            arguments += ["--ro-bind", file, "/etc/\(name)"]
        }
        let directories = Self.outside(path)
        programs =
            Self.passage(to: directories) + directories.flatMap { ["--ro-bind-try", $0, $0] }
        self.arguments = arguments
    }

    /// `/bin` and its like are links into `/usr` on most systems.
    private static func link(_ name: String) -> [String] {
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/\(name)") {
            return ["--symlink", target, "/\(name)"]
        }
        return access("/\(name)", F_OK) == 0 ? ["--ro-bind", "/\(name)", "/\(name)"] : []
    }

    /// Options that make the directories above `paths`, open to everybody.
    static func passage(to paths: [String]) -> [String] {
        var made: [String] = []
        for path in paths {
            var place = ""
            for part in path.split(separator: "/").dropLast() {
                place += "/\(part)"
                if !made.contains(place) { made.append(place) }
            }
        }
        return made.flatMap { ["--perms", "0755", "--dir", $0] }
    }

    /// Directories of `PATH` that the system's own do not hold.
    static func outside(_ path: String) -> [String] {
        path.split(separator: ":").map(String.init).filter { directory in
            guard directory.hasPrefix("/"), directory != "/" else { return false }
            return !["/usr", "/bin", "/sbin"].contains { directory == $0 || directory.hasPrefix($0 + "/") }
        }
    }

    private static func files(uid: UInt32, gid: UInt32) -> [(String, String)] {
        [
            (
                "passwd",
                """
                root:x:0:0:root:/nonexistent:/usr/sbin/nologin
                nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
                pandar:x:\(uid):\(gid):Pandar attempt:\(Mount.home):/bin/sh

                """
            ),
            ("group", "root:x:0:\nnogroup:x:65534:\npandar:x:\(gid):\n"),
            ("hosts", "127.0.0.1 localhost\n::1 localhost\n"),
            ("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"),
            ("resolv.conf", "# No names are resolved here: the proxy does it outside.\n"),
            ("hostname", "sandbox\n"),
        ]
    }
}

/// Where things are in the sandbox.
enum Mount {
    static let workspace = "/workspace"
    static let home = "/home/pandar"
    static let initProgram = "/run/pandar/init"
    static let gateProgram = "/run/pandar/gate"
    static let gatePrograms = "/run/pandar/bin"
    static let gateSocket = "/run/pandar/gate.sock"
    static let gitSettings = "/etc/gitconfig"
    static let agentProgram = "/run/pandar/agent"
    static let agentOrder = "/run/pandar/order.json"
    static let egress = "/run/pandar/egress.sock"
}
