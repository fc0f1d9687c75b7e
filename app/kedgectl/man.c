/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The manual page: roff with the macros of man(7).
 */
#include <ctype.h>
#include <string.h>

#include "command.h"
#include "help.h"
#include "option.h"

/* Text of a row: no line of it is a request, no dash is a hyphen, no backslash an escape. */
static void
put_text(FILE *out, const char *text)
{
	if (text[0] == '.' || text[0] == '\'')
		fputs("\\&", out);
	for (; *text != '\0'; text++) {
		if (*text == '-' || *text == '\\')
			fputs(*text == '-' ? "\\-" : "\\e", out);
		else if (*text != '`')
			putc(*text, out);
	}
}

static void
put_line(FILE *out, const char *text)
{
	put_text(out, text);
	putc('\n', out);
}

static void
put_upper(FILE *out, const char *text)
{
	for (; *text != '\0'; text++)
		putc(toupper((unsigned char)*text), out);
}

/* .B noun verb \fIkey\fR ... */
static void
put_call(FILE *out, const struct command *c)
{
	char name[COMMAND_NAME_MAX];

	fputs(".TP\n\\fB", out);
	put_text(out, command_name(c, name));
	fputs("\\fR", out);
	if (c->words != NULL)
		fputs(" [\\fIWORD\\fR ...]", out);
	for (const struct param *p = c->params; p != NULL && p->name != NULL; p++) {
		fputs(p->required ? " \\fB" : " [\\fB", out);
		put_text(out, p->name);
		fputs("\\fR \\fI", out);
		put_upper(out, p->name);
		fputs(p->required ? "\\fR" : "\\fR]", out);
	}
	putc('\n', out);
}

static void
put_command(FILE *out, const struct command *c)
{
	put_call(out, c);
	put_text(out, c->help);
	fputs(".\n", out);
	if (c->params == NULL)
		return;
	fputs(".RS\n", out);
	for (const struct param *p = c->params; p->name != NULL; p++) {
		fputs(".TP\n.I ", out);
		put_line(out, p->name);
		put_text(out, p->help);
		fputs(p->required ? "\n" : " (optional)\n", out);
	}
	fputs(".RE\n", out);
}

static void
put_options(FILE *out)
{
	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *o = &option_rows[i];

		fprintf(out, ".TP\n\\fB\\-%c\\fR, \\fB\\-\\-%s\\fR", o->letter, o->name);
		if (o->argument != NULL)
			fprintf(out, " \\fI%s\\fR", o->argument);
		putc('\n', out);
		put_line(out, o->help);
	}
}

void
help_man(FILE *out)
{
	fputs(".\\\" Written by kedgectl help man from its rows: change those.\n"
	      ".TH KEDGECTL 1 \"\" Kedge \"Kedge manual\"\n"
	      ".SH NAME\nkedgectl \\- ask and command a Kedge daemon\n"
	      ".SH SYNOPSIS\n.B kedgectl\n[\\fIOPTION\\fR ...] \\fINOUN\\fR \\fIVERB\\fR [\\fIKEY VALUE\\fR ...]\n.br\n"
	      ".B kedgectl top\n[\\fB\\-\\-once\\fR] [\\fB\\-\\-seconds\\fR \\fIN\\fR]\n.br\n"
	      ".B kedgectl help\n[\\fINOUN\\fR [\\fIVERB\\fR] | \\fBman\\fR]\n"
	      ".SH DESCRIPTION\n"
	      "A client of the control socket of\n.BR kedged (8).\n"
	      "Lists are tables that fit the terminal: the least important columns go first, long text is cut.\n"
	      "Into a file or a pipe everything goes whole.\n"
	      "Numbers have units for people; \\fB\\-j\\fR gives all that the daemon said, exactly as it said it.\n"
	      ".SH OPTIONS\n"
	      "Options may stand anywhere.\n",
	      out);
	put_options(out);
	fputs(".SH COMMANDS\n", out);
	for (size_t i = 0; i < command_count; i++)
		put_command(out, &commands[i]);
	fputs(".SH \"KEYS OF TOP\"\n"
	      ".TP\n.B q\nquit\n.TP\n.B space\npause, and go on\n.TP\n.B d\ndrops\n.TP\n.B p\nports, queues and "
	      "stages\n"
	      ".TP\n.B s\nsessions and peers\n.TP\n.B a\nall: the screen that it begins with\n"
	      ".SH \"EXIT STATUS\"\n"
	      "0 done, 1 refused by the daemon or not possible, 2 usage, 3 no daemon answers.\n"
	      ".SH ENVIRONMENT\n"
	      ".TP\n.B KEDGE_SOCKET\nthe control socket where \\fB\\-s\\fR does not name one\n"
	      ".TP\n.B NO_COLOR\nwhere it is set there are no colours; without a terminal there are none either\n"
	      ".SH FILES\n.I " OPTION_SOCKET "\n"
	      ".SH EXAMPLES\n"
	      ".nf\nkedgectl session list state active\nkedgectl \\-\\-watch 2 port list\n"
	      "kedgectl packet explain dst 2001:db8:1000::1\nkedgectl event watch kinds handover,peer\\-lost\n"
	      "kedgectl support bundle\n.fi\n",
	      out);
}
