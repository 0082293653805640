import Foundation
import PandarConfiguration
import Testing

@Suite("The configuration file that ships")
struct SettingsTemplateTests {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../config/pandar.yaml").standardizedFileURL.resolvingSymlinksInPath().path

    @Test("config/pandar.yaml says what the code says (write it with `pandar config template`)")
    func fileAndCodeAgree() throws {
        let file = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(file == SettingsTemplate.yaml)
    }

    @Test("as it stands it changes nothing")
    func isAllDefaults() throws {
        let loaded = try SettingsLoader.load(file: Self.path)
        #expect(loaded.origins.isEmpty)
    }

    @Test("with every comment taken away it is a valid file that sets every setting to its default")
    func uncommented() throws {
        let lines = SettingsTemplate.yaml.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix(" ") else { return line.hasPrefix("#") ? nil : String(line) }
            guard line.hasPrefix("  # ") else { return nil }
            let text = line.dropFirst(4)
            let name = text.prefix { $0 != ":" }
            let isSetting = SettingCatalog.all.contains { $0.key.hasSuffix("." + name) }
            return isSetting && !text.hasSuffix("\"\"") ? "  " + text : nil
        }
        try withFile(lines.joined(separator: "\n")) { path in
            let loaded = try SettingsLoader.load(file: path)
            let expected = SettingCatalog.all.filter { $0.fixedDefault?.isEmpty == false }
            for setting in expected {
                #expect(loaded.origins[setting.key] == .file(path), "\(setting.key)")
                #expect(setting.text(loaded.settings) == setting.fixedDefault, "\(setting.key)")
            }
        }
    }

    @Test("names are unique and can be told apart in the environment")
    func uniqueNames() {
        #expect(Set(SettingCatalog.all.map(\.key)).count == SettingCatalog.all.count)
        #expect(Set(SettingCatalog.all.map(\.environmentName)).count == SettingCatalog.all.count)
    }
}
