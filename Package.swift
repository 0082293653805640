// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let package = Package(
    name: "pandar",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "pandar", targets: ["pandar"]),
        .executable(name: "pandar-init", targets: ["pandar-init"]),
        .executable(name: "pandar-gate", targets: ["pandar-gate"]),
        .executable(name: "pandar-agent", targets: ["pandar-agent"]),
        .executable(name: "pandar-simulate", targets: ["pandar-simulate"]),
        // For the benchmark package, which has a folder and a Package.swift of its own.
        .library(
            name: "PandarLibraries",
            targets: [
                "Kafka", "TaskModel", "CommandPolicy", "TaskEngine", "CProcess", "TaskRunner", "TaskCache",
                "TaskService",
                "TaskAPI", "Authorization",
            ]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.0.0"..<"5.0.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.0.0",
            traits: [.defaults, "YAML", "CommandLineArguments"]),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.10.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.81.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.1.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    ],
    targets: [
        .systemLibrary(
            name: "CRdkafka", pkgConfig: "rdkafka",
            providers: [.apt(["librdkafka-dev"]), .brew(["librdkafka"])]),
        .target(
            name: "Kafka",
            dependencies: ["CRdkafka", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .target(
            name: "TaskModel", dependencies: [.product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings),
        .target(
            name: "TaskEngine",
            dependencies: [
                "TaskModel", "CommandPolicy", "Gates", .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: settings),
        .target(name: "CProcess"),
        // The first process of a sandbox: small and static, for inside it nothing of ours can be found. The flag also
        // keeps the Swift runtime, which the linker adds to every program, from being looked for there.
        .executableTarget(
            name: "pandar-init", dependencies: ["CProcess"],
            linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"], .when(platforms: [.linux]))]),
        .target(
            name: "TaskRunner",
            dependencies: [
                "CProcess", "TaskModel", "EgressProxy", "Gates", "Agents",
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "TaskCache",
            dependencies: [
                "TaskModel", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "TaskService",
            dependencies: [
                "Kafka", "TaskModel", "TaskEngine", "TaskRunner", "TaskCache", "Authorization", "Agents",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "TaskAPI",
            dependencies: [
                "TaskModel", "TaskCache",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "pandar",
            dependencies: [
                "Kafka", "TaskModel", "CommandPolicy", "TaskEngine", "TaskRunner", "TaskCache", "TaskService",
                "TaskAPI", "Gates", "Agents",
                "PandarConfiguration", "Authorization", "CProcess", "pandar-init", "pandar-gate",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "PandarConfiguration",
            dependencies: [
                "TaskModel", "CommandPolicy", "Gates", "Agents", "TaskRunner", "EgressProxy", "Kafka", "Authorization",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        .target(name: "Simulation", dependencies: ["TaskModel", "TaskEngine", "Gates"], swiftSettings: settings),
        .executableTarget(
            name: "pandar-simulate",
            dependencies: ["Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: settings),
        // What the tests of several modules share.
        .target(name: "TestKit", path: "Tests/TestKit", swiftSettings: settings),
        .testTarget(
            name: "TaskModelTests", dependencies: ["TaskModel", "TestKit"], exclude: ["Corpus"], swiftSettings: settings
        ),
        .testTarget(
            name: "ContractTests", dependencies: ["TaskModel"], exclude: ["validate.py"], swiftSettings: settings),
        .testTarget(
            name: "PandarConfigurationTests",
            dependencies: [
                "PandarConfiguration", "TaskRunner", "TaskModel", "CommandPolicy", "Gates", "Agents", "Authorization",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "TaskAPITests",
            dependencies: [
                "TaskAPI", "TaskCache", "TaskModel",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Instrumentation", package: "swift-distributed-tracing"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CommandLineTests", dependencies: ["pandar", "Kafka", "TaskModel", "Authorization"],
            swiftSettings: settings),
        .testTarget(
            name: "TaskRunnerTests",
            dependencies: [
                "TaskRunner", "TaskModel", "TestKit", "test-host", "pandar-init", "pandar-gate", "Gates", "Agents",
                "hostile",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        // A process of its own for what tests must kill, or count without others in between.
        .executableTarget(
            name: "test-host",
            dependencies: [
                "TaskRunner", "TaskModel", "Kafka", "TestKit", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/TestHost", swiftSettings: settings),
        .testTarget(
            name: "KafkaTests",
            dependencies: ["Kafka", "TestKit", "test-host", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings),
        .testTarget(
            name: "TaskCacheTests",
            dependencies: [
                "TaskCache", "TaskModel", "TestKit", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "TaskServiceTests", dependencies: ["TaskService", "TaskEngine", "TaskModel"], swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "pandar", "Kafka", "TaskModel", "TestKit", "Agents", .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Clients", "Policies"], swiftSettings: settings),
        .testTarget(
            name: "TaskEngineTests", dependencies: ["TaskEngine", "CommandPolicy", "Gates", "TaskModel", "TestKit"],
            swiftSettings: settings),
        .testTarget(
            name: "SimulationTests", dependencies: ["Simulation", "TaskEngine", "TaskModel"], swiftSettings: settings),
        // Attacks on the sandbox that need C. Static, for the reason of pandar-init.
        .executableTarget(
            name: "hostile", path: "Tests/Hostile",
            linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"], .when(platforms: [.linux]))]),
        .target(
            name: "EgressProxy",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "EgressProxyTests",
            dependencies: ["EgressProxy", "TestKit", .product(name: "Logging", package: "swift-log")],
            exclude: ["Programs"], swiftSettings: settings),
        .target(name: "CommandPolicy", dependencies: ["TaskModel"], swiftSettings: settings),
        .testTarget(
            name: "CommandPolicyTests", dependencies: ["CommandPolicy", "TaskModel"], exclude: ["Corpus"],
            swiftSettings: settings),
        .target(
            name: "Authorization",
            dependencies: [
                "TaskModel", .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "AuthorizationTests",
            dependencies: [
                "Authorization", "TaskModel", "TestKit", .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(name: "Gates", dependencies: ["TaskModel", "CommandPolicy"], swiftSettings: settings),
        .testTarget(
            name: "GatesTests", dependencies: ["Gates", "TaskModel", "TestKit"], exclude: ["Corpus"],
            swiftSettings: settings),
        // Stands in the sandbox in place of programs that gates look at. Static, for the reason of pandar-init.
        .executableTarget(
            name: "pandar-gate",
            linkerSettings: [.unsafeFlags(["-static-executable", "-nostartfiles"], .when(platforms: [.linux]))]),
        .target(name: "Agents", dependencies: ["TaskModel"], swiftSettings: settings),
        .target(name: "CAgent", dependencies: ["CProcess"]),
        // Runs in the sandbox between the runner and an agent's program, so that nothing else reads what that says.
        // Static, for the reason of pandar-init; the libraries are those that Foundation's own list leaves out. Nothing may
        // depend on it: a program or test bundle of Swift that does is linked with these flags too.
        .executableTarget(
            name: "pandar-agent", dependencies: ["Agents", "CAgent"], swiftSettings: settings,
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-static-executable", "-lswiftSynchronization", "-l_FoundationCShims",
                        "-l_FoundationCollections",
                    ],
                    .when(platforms: [.linux]))
            ]),
        .testTarget(
            name: "AgentsTests", dependencies: ["Agents", "TaskModel", "TestKit"],
            exclude: ["Recordings"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
