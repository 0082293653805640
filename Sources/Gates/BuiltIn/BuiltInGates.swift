extension GateCatalog {
    static let builtInGates: [GateDefinition] = [
        GateDefinition(
            "git_push_protected", description: "A push would change a protected branch.",
            triggers: [.push(PushTrigger("protected_branch", branches: ["main", "master", "release/*"]))]
                + mergingTools.map(GateTrigger.command)),
        GateDefinition(
            "secrets_access", description: "A secret would be handed out.",
            triggers: [.secret(SecretTrigger("named_secret", secrets: ["*"]))]
                + secretTools.map(GateTrigger.command)),
        GateDefinition(
            "infra_change", description: "Running infrastructure would be changed.",
            triggers: (cluster + terraform + clouds + deployment).map(GateTrigger.command)),
    ]
}
