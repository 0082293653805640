internal import PandarConfiguration
internal import TaskModel
internal import TaskRunner

/// Makes the sandbox that the settings ask for.
enum SandboxSetup {
    /// - Throws: a sentence with what is missing; nothing runs without isolation unless the settings say so.
    static func isolation(_ settings: PandarSettings) throws(CommandError) -> Isolation {
        let catalog = try catalog(settings)
        do throws(SandboxUnavailable) {
            let host = try host(settings)
            try host.probe()
            return .sandbox(host, catalog)
        } catch {
            if error.isUnwritable { throw CommandError(.cannotWrite, "\(error)") }
            throw CommandError(
                .configuration,
                "No sandbox can be made, so no attempts are run: \(error.reason); \(error.remedy)"
                    + " (sandbox.mode: none runs them without any isolation)")
        }
    }

    static func host(_ settings: PandarSettings) throws(SandboxUnavailable) -> SandboxHost {
        let id = UInt32(settings.sandbox.uid)
        return try SandboxHost(
            path: settings.runner.path, directory: settings.instance.dataDirectory + "/sandbox",
            initProgram: settings.sandbox.initProgram, identity: SandboxIdentity(uid: id, gid: id))
    }

    static func catalog(_ settings: PandarSettings) throws(CommandError) -> SandboxCatalog {
        guard !settings.sandbox.file.isEmpty else { return SandboxCatalog() }
        do throws(ConfigurationError) {
            return try SandboxFile.read(path: settings.sandbox.file)
        } catch {
            throw CommandError(.configuration, error.message)
        }
    }
}
