internal import GRDB

/// The tables of the cache. A change here is a new migration; a file that a newer version wrote is rebuilt.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("first") { database in
            try database.execute(
                sql: """
                    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                    CREATE TABLE partitions (
                        partition INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL, epoch INTEGER NOT NULL,
                        is_owner_covered INTEGER NOT NULL DEFAULT 0);
                    CREATE TABLE covered (
                        partition INTEGER NOT NULL, task_id TEXT NOT NULL,
                        PRIMARY KEY (partition, task_id)) WITHOUT ROWID;
                    CREATE TABLE tasks (
                        id INTEGER PRIMARY KEY, task_id TEXT NOT NULL UNIQUE, partition INTEGER NOT NULL,
                        epoch INTEGER NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL,
                        is_active INTEGER NOT NULL, priority INTEGER NOT NULL, project_id INTEGER NOT NULL,
                        created_by TEXT, agent TEXT, gate TEXT, name TEXT NOT NULL, created_at INTEGER NOT NULL,
                        updated_at INTEGER NOT NULL, started_at INTEGER, duration INTEGER, snapshot BLOB NOT NULL);
                    CREATE INDEX tasks_active ON tasks (partition) WHERE is_active;
                    CREATE INDEX tasks_created ON tasks (created_at, task_id);
                    CREATE INDEX tasks_updated ON tasks (updated_at, task_id);
                    CREATE INDEX tasks_project ON tasks (project_id, created_at, task_id);
                    CREATE INDEX tasks_status ON tasks (status, created_at, task_id);
                    CREATE VIRTUAL TABLE search USING fts5 (
                        name, description, command, content = '', tokenize = "unicode61 remove_diacritics 2");
                    CREATE TABLE stats (
                        project_id INTEGER NOT NULL, dimension TEXT NOT NULL, key TEXT NOT NULL,
                        count INTEGER NOT NULL, sum INTEGER NOT NULL,
                        PRIMARY KEY (project_id, dimension, key)) WITHOUT ROWID;
                    CREATE TABLE output (
                        task_id TEXT NOT NULL, attempt INTEGER NOT NULL, seq INTEGER NOT NULL, stream TEXT NOT NULL,
                        text TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (task_id, attempt, seq)) WITHOUT ROWID;
                    CREATE INDEX output_at ON output (at);
                    CREATE TABLE notifications (
                        notification_id TEXT PRIMARY KEY, task_id TEXT NOT NULL, created_at INTEGER NOT NULL,
                        json BLOB NOT NULL) WITHOUT ROWID;
                    CREATE INDEX notifications_created ON notifications (created_at);
                    CREATE TABLE event_positions (
                        kind TEXT NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL,
                        PRIMARY KEY (kind, partition)) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("usage") { database in
            // No snapshot of before tells of usage, answers or recoveries: what is there needs no other value. The table
            // is made anew, for columns that are added stand behind the snapshot: to look at them, which the fold does
            // for every record, would mean to read through it.
            try database.execute(
                sql: """
                    ALTER TABLE tasks RENAME TO earlier_tasks;
                    CREATE TABLE tasks (
                        id INTEGER PRIMARY KEY, task_id TEXT NOT NULL UNIQUE, partition INTEGER NOT NULL,
                        epoch INTEGER NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL,
                        is_active INTEGER NOT NULL, priority INTEGER NOT NULL, project_id INTEGER NOT NULL,
                        created_by TEXT, agent TEXT, gate TEXT, name TEXT NOT NULL, created_at INTEGER NOT NULL,
                        updated_at INTEGER NOT NULL, started_at INTEGER, duration INTEGER,
                        has_usage INTEGER NOT NULL, answers INTEGER NOT NULL, recovered_by TEXT,
                        snapshot BLOB NOT NULL);
                    INSERT INTO tasks SELECT
                        id, task_id, partition, epoch, version, status, is_active, priority, project_id, created_by,
                        agent, gate, name, created_at, updated_at, started_at, duration, 0, 0, NULL, snapshot
                    FROM earlier_tasks ORDER BY id;
                    DROP TABLE earlier_tasks;
                    CREATE INDEX tasks_active ON tasks (partition) WHERE is_active;
                    CREATE INDEX tasks_created ON tasks (created_at, task_id);
                    CREATE INDEX tasks_updated ON tasks (updated_at, task_id);
                    CREATE INDEX tasks_project ON tasks (project_id, created_at, task_id);
                    CREATE INDEX tasks_status ON tasks (status, created_at, task_id);
                    CREATE TABLE usage (
                        task_id TEXT NOT NULL, attempt INTEGER NOT NULL, project_id INTEGER NOT NULL,
                        agent TEXT NOT NULL, day INTEGER NOT NULL, input INTEGER NOT NULL, cached INTEGER NOT NULL,
                        output INTEGER NOT NULL, cost INTEGER, PRIMARY KEY (task_id, attempt)) WITHOUT ROWID;
                    CREATE INDEX usage_day ON usage (day);
                    CREATE TABLE usage_sums (
                        project_id INTEGER NOT NULL, dimension TEXT NOT NULL, key TEXT NOT NULL,
                        attempts INTEGER NOT NULL, priced INTEGER NOT NULL, input INTEGER NOT NULL,
                        cached INTEGER NOT NULL, output INTEGER NOT NULL, cost INTEGER NOT NULL,
                        PRIMARY KEY (project_id, dimension, key)) WITHOUT ROWID;
                    """)
        }
        return migrator
    }
}
