/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The cases; the table in rpc.c says what each shows. */

/* message.c: what JSON-RPC 2.0 asks for, and the rows. */
void message_result(void);
void message_errors(void);
void message_ids(void);
void message_notifications(void);
void message_batches(void);
void message_params(void);
void message_refused(void);
void message_deep(void);
void message_huge(void);
void message_discover(void);
void message_examples(void);
void message_logged(void);

/* watch.c: notifications, the read-only socket, limits in time. */
void watch_topics(void);
void watch_lost(void);
void watch_batch(void);
void watch_from_batch(void);
void watch_half_closed(void);
void watch_read_only(void);
void watch_rate(void);
void watch_rate_batch(void);
void watch_half_line(void);
void watch_silent(void);
void watch_turn(void);
void watch_answer_too_long(void);

/* later.c: answers that need time. */
void later_order(void);
void later_batch(void);
void later_leaves(void);
void later_unread(void);

/* transport.c: sockets, limits and the client. */
void transport_partial_lines(void);
void transport_pipelined(void);
void transport_half_closed(void);
void transport_long_line(void);
void transport_line_limit(void);
void transport_many_clients(void);
void transport_client_leaves(void);
void transport_pipelining_stops_itself(void);
void transport_slow_reader(void);
void transport_fd_sleeps(void);
void transport_leftover(void);
void transport_second_server(void);
void transport_race(void);
void transport_replaced(void);
void transport_not_a_socket(void);
void transport_bad_paths(void);
void transport_mode(void);
void transport_client(void);
void transport_client_errors(void);
void transport_client_timeout(void);
