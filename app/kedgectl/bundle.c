/* SPDX-License-Identifier: BSD-3-Clause */
#include "bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bundle_private.h"
#include "cell.h"
#include "output.h"
#include "redact.h"

#define TIMEOUT_MS  5000
#define PAGE	    1000
#define ITEMS_MAX   10000 /* of one list */
#define APART_S	    5	  /* between the two looks at counters */
#define TAR_SECONDS 60

time_t
bundle_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

void
bundle_missing(struct bundle *b, const char *name, const char *why)
{
	json_object_set_new(b->missing, name, json_string(why));
}

static bool
write_file(const char *path, const char *text, size_t bytes)
{
	FILE *f = fopen(path, "w");
	bool good = f != NULL && fwrite(text, 1, bytes, f) == bytes;

	return f != NULL && fclose(f) == 0 && good;
}

void
bundle_text(struct bundle *b, const char *name, const char *text, size_t len)
{
	char *whole = cell_print("%.*s", (int)(len < BUNDLE_FILE_MAX ? len : BUNDLE_FILE_MAX), text);
	char *clean = redact_text(whole, &b->secrets), *path = cell_print("%s/%s", b->folder, name);
	size_t bytes = strlen(clean);

	if (b->bytes + bytes > BUNDLE_BYTES_MAX) {
		bundle_missing(b, name, "the bundle is full");
	} else if (!write_file(path, clean, bytes)) {
		bundle_missing(b, name, strerror(errno));
	} else {
		b->bytes += bytes;
		json_object_set_new(b->files, name, json_integer((json_int_t)bytes));
	}
	free(path);
	free(clean);
	free(whole);
}

void
bundle_json(struct bundle *b, const char *name, json_t *value)
{
	char *text;

	b->secrets += redact_json(value);
	text = cell_checked(json_dumps(value, JSON_INDENT(1) | JSON_ENCODE_ANY));
	bundle_text(b, name, text, strlen(text));
	free(text);
}

/* As context_list, but silent and bounded: a list that goes on has its `next`. */
static int
gather(struct context *x, const struct command *c, json_t **result, struct rpc_error *error)
{
	json_t *params = c->whole ? json_object() : json_pack("{s:i}", "limit", PAGE), *all = json_array(),
	       *next = NULL, *page;
	int rc = 0;

	if (c->columns == NULL) {
		json_decref(all);
		json_decref(params);
		return rpc_client_call(x->client, c->method, NULL, result, error);
	}
	do {
		rc = rpc_client_call(x->client, c->method, params, &page, error);
		if (rc < 0)
			break;
		json_array_extend(all, json_object_get(page, "items"));
		json_decref(next);
		next = json_incref(json_object_get(page, "next"));
		json_object_set(params, "after", next);
		json_decref(page);
	} while ((json_is_integer(next) || json_is_string(next)) && json_array_size(all) < ITEMS_MAX);
	*result = rc == 0 ? json_pack("{s:O, s:O?}", "items", all, "next", next) : NULL;
	json_decref(next);
	json_decref(all);
	json_decref(params);
	return rc;
}

static void
add_answer(struct bundle *b, struct context *x, const struct command *c, const char *suffix)
{
	char *name = cell_print("%s-%s%s.json", c->noun, c->verb, suffix);
	struct rpc_error error = {.message = ""};
	json_t *result = NULL;
	int rc = bundle_now() < b->end ? gather(x, c, &result, &error) : -ETIMEDOUT;

	if (rc == 0)
		bundle_json(b, name, result);
	else
		bundle_missing(b, name, rc == -EREMOTEIO ? error.message : strerror(-rc));
	json_decref(result);
	free(name);
}

static void
add_answers(struct bundle *b, struct context *x)
{
	time_t first = bundle_now();

	for (size_t i = 0; i < command_count; i++)
		if (commands[i].bundled == 2)
			add_answer(b, x, &commands[i], "-1");
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].bundled == 1)
			add_answer(b, x, &commands[i], "");
	while (bundle_now() < first + APART_S)
		sleep(1);
	for (size_t i = 0; i < command_count; i++)
		if (commands[i].bundled == 2)
			add_answer(b, x, &commands[i], "-2");
}

/* The daemon's name and process, "unknown" and 0 where none answers. */
static void
ask_name(struct context *x, char name[static 64], int *pid)
{
	json_t *hello = NULL;
	struct rpc_error error;

	snprintf(name, 64, "unknown");
	*pid = 0;
	if (x->client == NULL || rpc_client_call(x->client, "server.hello", NULL, &hello, &error) < 0)
		return;
	if (json_is_string(json_object_get(hello, "name")))
		snprintf(name, 64, "%s", json_string_value(json_object_get(hello, "name")));
	for (char *c = name; *c != '\0'; c++)
		if (*c == '/' || *c == '.')
			*c = '_';
	*pid = (int)json_integer_value(json_object_get(hello, "pid"));
	json_decref(hello);
}

static bool
make_folder(struct bundle *b, const char *node)
{
	const char *tmp = getenv("TMPDIR");
	char base[sizeof(b->folder) - BUNDLE_NAME_MAX], stamp[32];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(b->name, sizeof(b->name), "kedge-%s-%s", node, stamp);
	if (snprintf(base, sizeof(base), "%s/kedge-bundle.XXXXXX", tmp != NULL ? tmp : "/tmp") >= (int)sizeof(base) ||
	    mkdtemp(base) == NULL)
		return false;
	snprintf(b->folder, sizeof(b->folder), "%s/%s", base, b->name);
	return mkdir(b->folder, 0700) == 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

/* The archive is its owner's alone: it names subscribers. NULL, or why there is none. */
static const char *
pack(struct bundle *b, const char *file)
{
	char *base = cell_print("%s", b->folder);
	const char *const argv[] = {"tar", "-czf", file, "-C", base, b->name, NULL};
	mode_t before = umask(077);
	const char *why;

	*strrchr(base, '/') = '\0';
	why = bundle_spawn(argv, NULL, TAR_SECONDS);
	umask(before);
	if (why != NULL)
		unlink(file);
	free(base);
	return why;
}

static void
tell(const struct context *x, const struct bundle *b, const char *file)
{
	struct stat st = {0};
	const char *name;
	json_t *why;

	stat(file, &st);
	if (x->json) {
		json_t *all = json_pack("{s:s, s:I, s:O, s:O, s:i}", "file", file, "bytes", (json_int_t)st.st_size,
					"files", b->files, "missing", b->missing, "secrets_left_out", (int)b->secrets);

		output_json(all, JSON_INDENT(2));
		json_decref(all);
		return;
	}
	printf("wrote %s: %lld bytes, %zu files, %u secrets left out\n", file, (long long)st.st_size,
	       json_object_size(b->files), b->secrets);
	json_object_foreach(b->missing, name, why) printf("not there: %s: %s\n", name, json_string_value(why));
	puts("It names mobile nodes and their prefixes: look at it before it leaves your hands.");
}

static void
add_manifest(struct bundle *b, const struct context *x)
{
	json_t *manifest = json_pack("{s:s, s:s, s:I, s:O, s:O, s:i}", "kedgectl", KEDGE_VERSION, "socket", x->socket,
				     "wall", (json_int_t)time(NULL) * 1000, "files", b->files, "missing", b->missing,
				     "secrets_left_out", (int)b->secrets);

	bundle_json(b, "manifest.json", manifest);
	json_decref(manifest);
}

enum status
bundle_run(struct context *x, const struct command *c, json_t *params)
{
	struct bundle b = {.files = json_object(), .missing = json_object(), .end = bundle_now() + BUNDLE_SECONDS};
	const char *given = json_string_value(json_object_get(params, "file")), *why;
	char node[64], *file;
	int pid, rc = rpc_client_connect(&x->client, x->socket, TIMEOUT_MS);

	if (rc < 0) {
		x->client = NULL;
		bundle_missing(&b, "daemon", strerror(-rc));
	}
	ask_name(x, node, &pid);
	if (!make_folder(&b, node)) {
		perror("kedgectl: no folder for the bundle");
		return REFUSED;
	}
	file = given != NULL ? cell_print("%s", given) : cell_print("%s.tar.gz", b.name);
	if (x->client != NULL)
		add_answers(&b, x);
	bundle_host(&b, pid);
	add_manifest(&b, x);
	why = pack(&b, file);
	if (why == NULL)
		tell(x, &b, file);
	else
		fprintf(stderr, "kedgectl: no archive %s: %s\n", file, why);
	*strrchr(b.folder, '/') = '\0';
	nftw(b.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	json_decref(b.files);
	json_decref(b.missing);
	free(file);
	return why == NULL ? DONE : REFUSED;
}
