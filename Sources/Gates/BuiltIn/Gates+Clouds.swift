/// The clouds' own programs.
extension GateCatalog {
    private static let awsValues = [
        "--profile", "--region", "--output", "--endpoint-url", "--query", "--ca-bundle", "--cli-read-timeout",
        "--cli-connect-timeout", "--color", "--cli-binary-format",
    ]
    private static let awsFlags = [
        "--debug", "--no-verify-ssl", "--no-paginate", "--no-sign-request", "--no-cli-pager", "--cli-auto-prompt",
        "--no-cli-auto-prompt",
    ]
    private static let gcloudValues = [
        "--project", "--account", "--configuration", "--format", "--filter", "--verbosity", "--region", "--zone",
        "--impersonate-service-account", "--billing-project", "--flags-file", "--access-token-file", "--flatten",
    ]
    private static let azValues = [
        "--subscription", "-g|--resource-group", "-n|--name", "-o|--output", "--query", "-l|--location",
    ]
    /// Verbs that change something, wherever they stand among the groups.
    private static let writing = [
        "create", "delete", "update", "deploy", "destroy", "add-*", "remove-*", "set-*", "reset*", "start", "stop",
        "restart", "resize", "promote*", "rollback*", "undelete", "purge", "import", "move", "patch", "replace",
        "scale",
        "invoke*", "ssh", "scp", "cp", "rm", "rsync", "mv",
    ].map { "** " + $0 }
    private static func reading(_ verbs: [String]) -> [String] { verbs.map { "* ** " + $0 } }

    static let clouds: [CommandTrigger] = [
        CommandTrigger(
            "aws", "It is no command of aws that only reads.", programs: ["aws", "awslocal"], verbs: ["* *"],
            exceptVerbs: [
                "help", "* help", "* describe-*", "* get-*", "* list-*", "* batch-get-*", "* head-*", "* search-*",
                "* lookup-*", "* wait", "* validate-*", "* estimate-*", "* simulate-*", "s3 ls", "s3 presign",
                "configure list", "configure list-profiles", "configure get", "dynamodb scan", "dynamodb query",
                "logs tail", "logs filter-log-events", "sso login", "sso logout", "history list", "history show",
                "cloudformation package", "ecr get-login-password",
            ],
            values: awsValues, flags: awsFlags, unless: ["--dry-run", "--dryrun", "--help"],
            matches: [
                "aws s3 rm s3://x --recursive", "aws ec2 terminate-instances --instance-ids i-1",
                "aws --profile p --region r cloudformation deploy --stack-name x", "aws s3 sync . s3://x",
                "aws ec2 run-instances --dry-run --no-dry-run",
            ],
            spares: [
                "aws s3 ls", "aws ec2 describe-instances", "aws --region x sts get-caller-identity",
                "aws s3 sync . s3://x --dryrun", "aws ec2 run-instances --dry-run",
            ]),
        CommandTrigger(
            "gcloud", "It changes something in a cloud.", programs: ["gcloud"], verbs: writing, exceptVerbs: ["config"],
            values: gcloudValues,
            matches: [
                "gcloud compute instances delete x", "gcloud run deploy x", "gcloud --project p sql instances patch x",
            ],
            spares: ["gcloud compute instances list", "gcloud config set project x"]),
        CommandTrigger(
            "gcloud_other", "It is no command of gcloud that only reads.", programs: ["gcloud"], verbs: ["* *"],
            exceptVerbs: [
                "config", "info", "version", "help", "auth", "topic", "components list", "logging read",
                "secrets versions access",
            ]
                + reading(["list", "describe", "get-*", "list-*", "read", "tail", "print-*", "search*"]),
            values: gcloudValues, matches: ["gcloud compute instances frobnicate x"],
            spares: ["gcloud projects describe x", "gcloud container clusters get-credentials x"]),
        CommandTrigger(
            "az", "It changes something in a cloud.", programs: ["az"], verbs: writing, exceptVerbs: ["config"],
            values: azValues,
            matches: ["az group delete -n x --yes", "az vm create -n x -g y", "az deployment group create -f x.bicep"],
            spares: ["az group list", "az config set core.output=table"]),
        CommandTrigger(
            "az_other", "It is no command of az that only reads.", programs: ["az"], verbs: ["* *"],
            exceptVerbs: ["config", "version", "help", "login", "logout", "account set", "account clear"]
                + reading([
                    "list", "show", "list-*", "show-*", "get-*", "exists", "check-*", "what-if", "wait", "query",
                ]),
            values: azValues, matches: ["az vm deallocate -g x -n y", "az webapp frobnicate"],
            spares: ["az vm list -o table", "az account show", "az deployment group what-if -f x"]),
        CommandTrigger(
            "storage", "It writes to a cloud's storage or tables.", programs: ["gsutil", "bq", "azcopy", "s3cmd"],
            verbs: [
                "cp", "mv", "rm", "rb", "mb", "rsync", "compose", "acl", "iam", "defacl", "cors", "lifecycle",
                "setmeta",
                "web", "load", "mk", "update", "query", "insert", "copy", "sync", "remove", "make", "put", "del",
            ],
            values: ["-o", "-h", "-u", "-i", "--project_id", "--dataset_id", "--location"],
            flags: ["-m", "-q", "-D"], unless: ["--dry_run", "--dry-run"],
            matches: ["gsutil -m rm -r gs://x", "bq rm -t a.b"], spares: ["gsutil ls gs://x", "bq ls"]),
    ]
}
