#pragma once

// A program that a gate looks at: asks the broker, then becomes the real program or passes on what was done outside.
int ask_command(const char *name, char **arguments);

// `pandar-secret NAME`: prints a secret, once somebody has agreed.
int ask_secret(int count, char **arguments);

// `git-remote-pandar NAME URL`: git's remote helper. It lets git talk with a service of git that the broker provides.
int ask_remote(int count, char **arguments);
