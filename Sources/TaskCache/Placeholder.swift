import GRDB
enum TaskCachePlaceholder {}
