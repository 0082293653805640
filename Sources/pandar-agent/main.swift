internal import Agents

print(AdapterKind.allCases.map(\.rawValue).joined(separator: " "))
