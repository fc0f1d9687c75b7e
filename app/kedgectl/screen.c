/* SPDX-License-Identifier: BSD-3-Clause */
#include "screen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ENTER  "\033[?1049h\033[?25l\033[?7l" /* the other screen, no cursor, no wrapping */
#define LEAVE  "\033[?7h\033[?25h\033[?1049l"
#define HOME   "\033[H"
#define REST   "\033[J"
#define CTRL_C 3

static struct termios saved;
static bool is_open;
static volatile sig_atomic_t resized, ending;
static sigset_t unblocked;

static void
on_signal(int signal)
{
	if (signal == SIGWINCH)
		resized = 1;
	else
		ending = 1;
}

/* Signals come in while screen_wait waits, and at no other time. */
static void
catch_signals(void)
{
	static const int signals[] = {SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t blocked;

	sigemptyset(&blocked);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		sigaction(signals[i], &action, NULL);
		sigaddset(&blocked, signals[i]);
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	sigprocmask(SIG_BLOCK, &blocked, &unblocked);
}

int
screen_open(void)
{
	struct termios raw;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &saved) < 0)
		return -ENOTTY;
	catch_signals();
	raw = saved;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	raw.c_iflag &= ~(tcflag_t)(IXON | ICRNL);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) < 0)
		return -errno;
	is_open = true;
	atexit(screen_close);
	fputs(ENTER, stdout);
	fflush(stdout);
	return 0;
}

void
screen_close(void)
{
	if (!is_open)
		return;
	is_open = false;
	fputs(LEAVE, stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
}

static unsigned int
from_environment(const char *name, unsigned int otherwise)
{
	const char *text = getenv(name);
	long n = text != NULL ? strtol(text, NULL, 10) : 0;

	return n > 0 && n < 10000 ? (unsigned int)n : otherwise;
}

void
screen_size(unsigned int *columns, unsigned int *lines)
{
	struct winsize size = {0};

	if (isatty(STDOUT_FILENO))
		ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*columns = size.ws_col > 0 ? size.ws_col : from_environment("COLUMNS", SCREEN_COLUMNS);
	*lines = size.ws_row > 0 ? size.ws_row : from_environment("LINES", SCREEN_LINES);
}

void
screen_draw(const char *frame)
{
	size_t len = strlen(frame);
	const char *end = SCREEN_LINE_END;

	/* Behind the last line nothing scrolls the screen. */
	if (len >= strlen(end) && strcmp(frame + len - strlen(end), end) == 0)
		len--;
	printf(HOME "%.*s" REST, (int)len, frame);
	if (fflush(stdout) != 0)
		ending = 1;
}

int
screen_wait(unsigned int timeout_ms)
{
	struct timespec wait = {.tv_sec = timeout_ms / 1000, .tv_nsec = (long)(timeout_ms % 1000) * 1000000};
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	unsigned char key;
	int n = !ending && !resized ? ppoll(&in, 1, &wait, &unblocked) : 0;

	if (ending || (n > 0 && (in.revents & (POLLHUP | POLLERR)) != 0))
		return SCREEN_END;
	if (resized) {
		resized = 0;
		return SCREEN_RESIZED;
	}
	if (n <= 0)
		return SCREEN_TIMEOUT;
	if (read(STDIN_FILENO, &key, 1) != 1 || key == CTRL_C)
		return SCREEN_END;
	return key;
}
