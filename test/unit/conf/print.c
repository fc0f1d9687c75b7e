/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "cases.h"

void
print_json(void)
{
	static const char *const parts[] = {
		"{\"node\": {\"name\": \"all.in_one-1\", \"roles\": [\"lma\", \"mag\"]}, \"eal\": {\"lcores\": ",
		"\"memory-mb\": 128, \"hugepages\": \"no\", \"args\": [\"--log-level\", \"user1:debug\"]}",
		"\"mode\": \"0600\", \"group\": \"k\303\244dge \\\"x\\\" \\\\ \360\237\232\242\"",
		"\"proxy-registration\": false",
		"\"local-routing\": true",
		"\"tunnels\": {\"encapsulation-limit\": 0, \"dscp\": 46, \"mss-clamp\": \"tunnel\", ",
		"\"mss-clamp\": \"tunnel\", \"fragment\": true}",
		"\"pools\": [{\"name\": \"internet\", \"prefix\": \"2001:db8:1000::/44\", \"length\": 64}, {\"name\": ",
		"\"refresh-percent\": 95",
	};
	struct conf *c = loaded(GOOD "every-key.yaml");
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	conf_print_json(c, out);
	fclose(out);
	for (unsigned int i = 0; i < UNIT_COUNT(parts); i++) {
		CU_ASSERT_PTR_NOT_NULL(strstr(text, parts[i]));
		if (strstr(text, parts[i]) == NULL)
			fprintf(stderr, "\nno %s\n", parts[i]);
	}
	CU_ASSERT_PTR_NULL(strstr(text, "mobile-nodes"));
	CU_ASSERT(text[len - 1] == '}' && text[len - 2] == '}');
	free(text);
	conf_free(c);
}
