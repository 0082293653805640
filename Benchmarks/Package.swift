// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that a build or a test of Pandar never waits for it.
let package = Package(
    name: "pandar-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "pandar", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", "3.0.0"..<"5.0.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.5.0"),
    ],
    targets: [
        // librdkafka is found as Pandar itself finds it: both link the installed library.
        .target(name: "CBaselines", linkerSettings: [.linkedLibrary("rdkafka")]),
        .executableTarget(
            name: "pandar-bench",
            dependencies: [
                "CBaselines",
                .product(name: "PandarLibraries", package: "pandar"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
