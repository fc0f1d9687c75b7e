/* SPDX-License-Identifier: BSD-3-Clause */
/* The configuration: what is in effect, and how another takes its place. */
#include "methods.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"

/* What was printed, as a string or as the value that it is; NULL: no memory. */
static json_t *
text_json(char *text, bool parse)
{
	json_t *value = text == NULL ? NULL : parse ? json_loads(text, 0, NULL) : json_string(text);

	free(text);
	return value;
}

static int
config_get(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	const struct ctl *c = user;
	const struct ctl_config *config = &c->s.config;
	char *yaml = NULL, *json = NULL;
	size_t yaml_len, json_len;
	FILE *y, *j;
	uint64_t applies, wall;

	if (config->load == NULL)
		return rpc_refuse(err, "no-configuration", "this node was not made from a configuration");
	y = open_memstream(&yaml, &yaml_len);
	j = open_memstream(&json, &json_len);
	if (y != NULL && j != NULL)
		config->print(config->user, y, j);
	if (y != NULL)
		fclose(y);
	if (j != NULL)
		fclose(j);
	applies = ctl_config_applies(c, &wall);
	*result = json_pack("{s:s, s:I, s:o, s:i, s:o, s:o}", "file", config->file(config->user), "applies",
			    (json_int_t)applies, "applied_at", applies > 0 ? ctl_event_wall(wall) : json_null(),
			    "rollbacks", (int)config->rollbacks(config->user), "yaml", text_json(yaml, false),
			    "sections", text_json(json, true));
	return *result != NULL ? 0 : -1;
}

/* Ask for a task, or fetch what came of it. */
static int
run(struct ctl *c, enum ctl_config_task task, const char *file, json_t **result, struct rpc_error *err)
{
	uint32_t client = rpc_server_client(c->rpc);
	struct ctl_config_outcome *o = ctl_config_outcome(c, task, client);
	int rc = 0;

	if (o == NULL && ctl_config_is_busy(c))
		return RPC_LATER;
	if (o == NULL && task == CTL_CONFIG_ROLLBACK && c->s.config.rollbacks(c->s.config.user) == 0)
		return rpc_refuse(err, "nothing-to-roll-back", "no other settings were in effect before these");
	if (o == NULL)
		return ctl_config_start(c, task, file, client) == 0
			       ? RPC_LATER
			       : rpc_refuse(err, "no-memory", "no thread to read the configuration");
	if (o->reason != NULL) {
		rc = rpc_refuse(err, o->reason, "%s", o->message);
		err->data = json_incref(o->data);
	}
	*result = json_incref(o->result);
	ctl_config_forget(c);
	return rc;
}

static int
run_file(void *user, enum ctl_config_task task, const json_t *params, json_t **result, struct rpc_error *err)
{
	struct ctl *c = user;
	const char *file = rpc_param_string(params, "file", NULL);

	if (c->s.config.load == NULL)
		return rpc_refuse(err, "no-configuration", "this node was not made from a configuration");
	if (file != NULL && (file[0] != '/' || strlen(file) >= CTL_CONFIG_PATH))
		return rpc_refuse_param(err, "file", "bad-path", "expected a path from /");
	return run(c, task, file, result, err);
}

static int
config_check(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	return run_file(user, CTL_CONFIG_CHECK, params, result, err);
}

static int
config_diff(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	return run_file(user, CTL_CONFIG_DIFF, params, result, err);
}

static int
config_apply(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	return run_file(user, CTL_CONFIG_APPLY, params, result, err);
}

static int
config_rollback(void *user, const json_t *params, json_t **result, struct rpc_error *err)
{
	return run_file(user, CTL_CONFIG_ROLLBACK, params, result, err);
}

static const struct rpc_param file_params[] = {
	{"file", RPC_STRING, false,
	 "A file that the daemon reads, with its whole path; else the one that it was started with", 0, 0, NULL},
	{0},
};

/* Those that read a file that the client names are kept from the socket that is for looking: the daemon may read more.
 */
const struct rpc_method ctl_methods_config[] = {
	{"config.get", "The settings in effect", NULL, NULL,
	 "`{file, applies, applied_at, rollbacks, yaml, sections}`: how often other settings were put into effect and "
	 "when last, how many could be rolled back to, and the settings as text and by section; mobile nodes are left "
	 "out: see `profile.list`",
	 config_get, false},
	{"config.check", "Whether a file is a configuration", file_params, "{}",
	 "`{file, good}`; refused as `config-bad` with file, line, key and what was expected", config_check, true},
	{"config.diff", "What is different in a file", file_params, "{}",
	 "`{file, changes, total, restart}`: of each change `key`, `from` and `to` (null: an item that was not, or "
	 "would be gone), `how` (`now` or `restart`) and `why` it takes a restart; 200 that take none are listed, all "
	 "are counted in `total`",
	 config_diff, true},
	{"config.apply", "Put a file into effect, all of it or nothing", file_params, "{}",
	 "`{file, applied, changes}`; refused as `config-bad`, or as `config-refused` with all that stands against it "
	 "as `refusals` of the error's `data`",
	 config_apply, true},
	{"config.rollback", "Put the settings before these into effect again", NULL, NULL,
	 "As of `config.apply`; refused as `nothing-to-roll-back` where there are none", config_rollback, true},
	{0},
};
