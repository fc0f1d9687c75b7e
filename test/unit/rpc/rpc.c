/* SPDX-License-Identifier: BSD-3-Clause */
#include "case.h"
#include "unit.h"

static const struct unit_case cases[] = {
	{"a result comes back under the request's id", message_result},
	{"what is no request gets the error of JSON-RPC 2.0 section 5.1", message_errors},
	{"an id is a string, a number or null, and comes back as it is", message_ids},
	{"a notification runs and is never answered", message_notifications},
	{"a batch is answered by a batch, without its notifications", message_batches},
	{"parameters are checked from the rows: unknown, missing, type, range", message_params},
	{"a handler's refusal has a stable reason", message_refused},
	{"deep nesting and cut characters are harmless", message_deep},
	{"numbers that are too large and ids that are none are harmless", message_huge},
	{"rpc.discover describes the rows", message_discover},
	{"the example of each row fits its parameters", message_examples},
	{"a method that changes something is logged with who asked, and one line stays one line", message_logged},
	{"a line may come in pieces", transport_partial_lines},
	{"more requests at once than a turn serves are all served, in order", transport_pipelined},
	{"a client that only reads on is answered, then hung up", transport_half_closed},
	{"a line of 10 MiB is refused and its sender hung up, others are served", transport_long_line},
	{"a line as long as the limit is served, one octet more is not", transport_line_limit},
	{"clients past the limit are told so, and one that leaves makes room", transport_many_clients},
	{"clients may leave at any moment", transport_client_leaves},
	{"a client that asks without reading stops itself alone", transport_pipelining_stops_itself},
	{"a client that takes nothing is dropped in time, one that is slow is not", transport_slow_reader},
	{"the descriptor is ready when there is work and only then", transport_fd_sleeps},
	{"a leftover socket file is replaced", transport_leftover},
	{"a second server on a socket that answers is refused and harms nothing", transport_second_server},
	{"of servers that start at once over a leftover, one has it", transport_race},
	{"a server removes its own socket alone", transport_replaced},
	{"a file that is no socket is left alone", transport_not_a_socket},
	{"impossible paths and groups are refused", transport_bad_paths},
	{"the socket has its mode and group whatever the umask, which is left as it was", transport_mode},
	{"who watches a topic is told of it, and of no other", watch_topics},
	{"who is too far behind is told how many it missed", watch_lost},
	{"a client that only reads on is still told, until it is gone", watch_half_closed},
	{"a notification does not stand inside a batch's answer", watch_batch},
	{"a batch may begin and end to watch", watch_from_batch},
	{"what changes something is refused on the read-only socket, with its reason", watch_read_only},
	{"a client above its rate waits, others do not", watch_rate},
	{"a batch counts by its requests", watch_rate_batch},
	{"a line that does not end in time is refused", watch_half_line},
	{"a silent client gives way to a new one, a watcher does not", watch_silent},
	{"a turn does no more than is said of it", watch_turn},
	{"an answer that is too long is refused under the request's id", watch_answer_too_long},
	{"an answer that needs time comes when it is there, and the next behind it", later_order},
	{"an answer that needs time keeps its place in a batch, and a refusal its causes", later_batch},
	{"a client that leaves while it waits harms nobody", later_leaves},
	{"a client that reads nothing does not keep what it waits for", later_unread},
	{"the client calls again and again, and takes long answers", transport_client},
	{"the client tells a refusal, a full server, one that left and one that is not there", transport_client_errors},
	{"the client does not wait for ever", transport_client_timeout},
};

int
main(void)
{
	return unit_main("rpc", cases, UNIT_COUNT(cases));
}
