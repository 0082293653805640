enum TaskServicePlaceholder {}
