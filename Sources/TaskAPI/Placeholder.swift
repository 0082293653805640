import Hummingbird
enum TaskAPIPlaceholder {}
