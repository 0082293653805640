/// The rules that ship. `config/policy.yaml` says the same in words (`pandar policy template` writes it).
extension CommandPolicy {
    /// The agents that are configured.
    public static let builtInPrograms: Set<String> = ["codex", "claude", "gemini"]

    /// In the order in which a verdict names them when several find a command.
    public static let builtInRules: [PolicyRule] =
        rulesOfRemoving + rulesOfDevices + rulesOfRights + rulesOfHost + rulesOfNetwork + rulesOfProcesses
        + rulesOfInfrastructure + rulesOfTools + rulesOfShells

    /// Whole words that no command may hold, prompts included.
    public static let builtInFragments: [String] = [
        "rm -rf", "sudo", "su", "doas", "pkexec", "mkfs", "mkfs.*", "wipefs", "fdisk", "of=/dev/sd*", "of=/dev/hd*",
        "of=/dev/nvme*", "of=/dev/vd*", "of=/dev/mmcblk*", "of=/dev/mem", "> /dev/sd*", ">/dev/sd*", "chmod 777",
        "chmod 0777", "chmod a+rwx", "chmod ugo+rwx", "kill -9 -1", ":(){", ":() {",
    ]
}
