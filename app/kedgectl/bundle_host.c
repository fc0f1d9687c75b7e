/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a bug report needs of the machine.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bundle_private.h"
#include "cell.h"

#define LOG_SECONDS 10
#define LOG_LINES   "2000"

static char *
read_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "r");
	char *text;

	if (f == NULL)
		return NULL;
	text = cell_checked(malloc(BUNDLE_FILE_MAX + 1));
	*len = fread(text, 1, BUNDLE_FILE_MAX, f);
	text[*len] = '\0';
	fclose(f);
	return text;
}

static void
copy(struct bundle *b, const char *name, const char *path)
{
	size_t len;
	char *text = read_file(path, &len);

	if (text == NULL)
		bundle_missing(b, name, strerror(errno));
	else
		bundle_text(b, name, text, len);
	free(text);
}

/* All files of a pattern in one: `path: first line`. */
static void
copy_lines(struct bundle *b, const char *name, const char *pattern)
{
	char *out = NULL;
	size_t size;
	FILE *f = cell_checked(open_memstream(&out, &size));
	glob_t found = {0};

	glob(pattern, GLOB_BRACE, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char line[256], *target;
		FILE *one;

		target = realpath(found.gl_pathv[i], NULL);
		one = fopen(found.gl_pathv[i], "r");
		if (one != NULL && fgets(line, sizeof(line), one) != NULL)
			fprintf(f, "%s: %s%s", found.gl_pathv[i], line, strchr(line, '\n') != NULL ? "" : "\n");
		else if (target != NULL && strcmp(target, found.gl_pathv[i]) != 0)
			fprintf(f, "%s -> %s\n", found.gl_pathv[i], target);
		if (one != NULL)
			fclose(one);
		free(target);
	}
	globfree(&found);
	fclose(f);
	if (size > 0)
		bundle_text(b, name, out, size);
	else
		bundle_missing(b, name, "there is none");
	free(out);
}

static void
copy_process(struct bundle *b, int pid)
{
	static const char *const files[] = {"status", "limits", "stat", "cmdline"};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *path = cell_print("/proc/%d/%s", pid, files[i]), *name = cell_print("kedged-%s.txt", files[i]);

		copy(b, name, path);
		free(path);
		free(name);
	}
}

/* What the child has of its own: nothing to read, its output in a file. */
static int
spawn(const char *const argv[], const char *out, pid_t *child)
{
	posix_spawn_file_actions_t actions;
	int rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out != NULL ? out : "/dev/null",
					 O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (out != NULL)
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	rc = posix_spawnp(child, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

const char *
bundle_spawn(const char *const argv[], const char *out, unsigned int seconds)
{
	const struct timespec moment = {.tv_nsec = 20 * 1000 * 1000};
	time_t end = bundle_now() + seconds;
	pid_t child, done;
	int status, rc = spawn(argv, out, &child);

	if (rc != 0)
		return strerror(rc);
	while ((done = waitpid(child, &status, WNOHANG)) == 0 && bundle_now() < end)
		nanosleep(&moment, NULL);
	if (done == 0) {
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		return "it took too long";
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : "it failed";
}

static void
copy_log(struct bundle *b, int pid)
{
	char *out = cell_print("%s/.journal", b->folder), *of = cell_print("_PID=%d", pid);
	const char *const by_unit[] = {"journalctl", "--no-pager", "-q", "-o",	   "short-iso",
				       "-n",	     LOG_LINES,	   "-u", "kedged", NULL};
	const char *const by_pid[] = {"journalctl", "--no-pager", "-q", "-o", "short-iso", "-n", LOG_LINES, of, NULL};
	const char *why = bundle_spawn(by_unit, out, LOG_SECONDS);
	struct stat st = {0};

	/* Not started by its unit, it may still write there. */
	if (why == NULL && stat(out, &st) == 0 && st.st_size == 0 && pid > 0)
		why = bundle_spawn(by_pid, out, LOG_SECONDS);
	if (why == NULL && stat(out, &st) == 0 && st.st_size == 0)
		why = "the journal has no lines of it";
	if (why == NULL)
		copy(b, "journal.txt", out);
	else
		bundle_missing(b, "journal.txt", why);
	unlink(out);
	free(out);
	free(of);
}

void
bundle_host(struct bundle *b, int pid)
{
	struct utsname u;

	if (uname(&u) == 0) {
		char *text = cell_print("%s %s %s %s %s\n", u.sysname, u.nodename, u.release, u.version, u.machine);

		bundle_text(b, "kernel.txt", text, strlen(text));
		free(text);
	}
	copy(b, "os-release.txt", "/etc/os-release");
	copy(b, "kernel-cmdline.txt", "/proc/cmdline");
	copy(b, "cpuinfo.txt", "/proc/cpuinfo");
	copy(b, "meminfo.txt", "/proc/meminfo");
	copy(b, "interrupts.txt", "/proc/interrupts");
	copy(b, "loadavg.txt", "/proc/loadavg");
	copy_lines(b, "hugepages.txt", "/sys/kernel/mm/hugepages/*/*_hugepages");
	copy_lines(b, "nics.txt", "/sys/class/net/*/{mtu,operstate,speed,address,device/driver}");
	copy_lines(b, "pci-nics.txt", "/sys/bus/pci/devices/*/{class,vendor,device,numa_node,driver}");
	if (pid > 0)
		copy_process(b, pid);
	copy_log(b, pid);
}
