#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool number(const char *text, uint64_t most, uint64_t *value) {
    char *end;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == 0 && errno == 0 && *value <= most;
}

static const char *limit(char *text, struct options *options) {
    char *equals = strchr(text, '=');
    uint64_t resource, value;
    if (equals == NULL || options->limit_count == sizeof options->limits / sizeof *options->limits) return "--limit";
    *equals = 0;
    if (!number(text, 64, &resource) || !number(equals + 1, UINT64_MAX, &value)) return "--limit";
    options->limits[options->limit_count++] = (struct limit){(int)resource, value};
    return NULL;
}

const char *options_read(int count, char **arguments, struct options *options) {
    memset(options, 0, sizeof *options);
    options->control = -1;
    for (int index = 1; index < count; index += 2) {
        const char *name = arguments[index];
        if (strcmp(name, "--") == 0) {
            options->program = arguments + index + 1;
            break;
        }
        if (index + 1 >= count) return name;
        char *text = arguments[index + 1];
        uint64_t value;
        if (strcmp(name, "--egress") == 0) {
            options->egress = text;
        } else if (strcmp(name, "--limit") == 0) {
            const char *wrong = limit(text, options);
            if (wrong != NULL) return wrong;
        } else {
            if (!number(text, UINT32_MAX - 1, &value)) return name;
            if (strcmp(name, "--control") == 0) options->control = (int)value;
            else if (strcmp(name, "--reports") == 0) options->reports = (int)value;
            else if (strcmp(name, "--uid") == 0) options->uid = (uid_t)value;
            else if (strcmp(name, "--gid") == 0) options->gid = (gid_t)value;
            else if (strcmp(name, "--seen-uid") == 0) options->seen_uid = (uid_t)value;
            else if (strcmp(name, "--seen-gid") == 0) options->seen_gid = (gid_t)value;
            else if (strcmp(name, "--terminal") == 0) options->terminal = value != 0;
            else if (strcmp(name, "--permissive") == 0) options->permissive = value != 0;
            else if (strcmp(name, "--port") == 0) options->port = (uint16_t)value;
            else return name;
        }
    }
    if (options->program == NULL || *options->program == NULL) return "-- PROGRAM";
    if (options->control < 3) return "--control";
    if (options->reports != 0 && options->reports != options->control + 1) return "--reports";
    if (options->seen_uid == 0) options->seen_uid = options->uid;
    if (options->seen_gid == 0) options->seen_gid = options->gid;
    return NULL;
}
