enum TaskEnginePlaceholder {}
