/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "cases.h"

struct conf *
loaded(const char *path)
{
	struct conf_error error;
	struct conf *c = conf_load(path, &error);

	if (c == NULL)
		fprintf(stderr, "\n%s\n", error.text);
	CU_ASSERT_FATAL(c != NULL);
	return c;
}

char *
printed(const struct conf *c)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		abort();
	conf_print(c, true, out);
	fclose(out);
	return text;
}

char *
described(void)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		abort();
	conf_describe(out);
	fclose(out);
	return text;
}

char *
contents(const char *path)
{
	char *text = NULL;
	size_t room = 0;
	FILE *f = fopen(path, "r");

	/* Up to a NUL that is not there: all of the file. */
	if (f != NULL && getdelim(&text, &room, '\0', f) < 0) {
		free(text);
		text = NULL;
	}
	if (f != NULL)
		fclose(f);
	return text;
}

static const struct unit_case cases[] = {
	{"each good file loads, and what is printed of it loads to the same", files_good},
	{"each example in yaml/ loads, and what is printed of it loads to the same", files_examples},
	{"each configuration of the lab loads, and what is printed of it loads to the same", files_lab},
	{"each bad file is refused with its file, line, key and what was expected", files_bad},
	{"a file that cannot be read is refused with its name and why", files_unreadable},
	{"a gateway's keys that are not given have the defaults of the RFCs and of the rows", values_defaults_gateway},
	{"an anchor without its gateway's section has the defaults of that too", values_defaults_anchor},
	{"each key that is given has the value that stands in the file", values_given},
	{"keys are read from the file of secrets", secrets_loaded},
	{"no key is printed, and a difference of two says no more than that", secrets_never_shown},
	{"a file of secrets that others may read is refused, and keys that no peer or two things would have",
	 secrets_refused},
	{"keys stand in the file of secrets alone, and protection by keys needs one", secrets_elsewhere},
	{"security associations are read from the file of secrets, and their keys are not printed",
	 associations_loaded},
	{"a security association that cannot be is refused, with its key and line", associations_refused},
	{"what a whole domain agrees on can be configured at each node", values_domain},
	{"each list has the items of the file in their order", values_lists},
	{"what mobile nodes with several interfaces may do is as given, and nothing beyond RFC 5213 by default",
	 values_multihoming},
	{"mobile nodes of the policy file follow those of the file itself", values_policy_file},
	{"each section, key and range stands in the documentation", values_documentation_rows},
	{"a file cut off anywhere is refused with words or loads, and nothing leaks", mangle_cut},
	{"a file with any byte changed is refused with words or loads, and nothing leaks", mangle_bytes},
	{"a file nested without end is refused", mangle_deep},
	{"twenty thousand mobile nodes load, those of the policy file behind the others", nodes_many},
	{"what two mobile nodes share is refused with the places of both, in one file or two", nodes_both_places},
	{"bytes that are no text are refused in the line that they stand in", odd_problem_line},
	{"an alias stands for what it names, one that names itself or nothing is refused", odd_aliases},
	{"byte order marks, UTF-16 and line ends of other systems change nothing", odd_encodings},
	{"pairs of files are different in what is said beside them", diff_files},
	{"a configuration is not different from itself", diff_same},
	{"every key that has another value is named, with what its change takes", diff_every_key},
	{"of many mobile nodes the order is nothing, and what is not listed is counted", diff_many},
	{"the settings as JSON are those of the file", print_json},
	{"an error stays short and on one line, whatever the file says", odd_long},
	{"what EAL takes for lcores is taken, and what it refuses, or would be less than two, is not", odd_lcores},
};

int
main(void)
{
	return unit_main("conf", cases, UNIT_COUNT(cases));
}
