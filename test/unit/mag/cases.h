/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* The cases of unit_mag, by file. */
#include "world.h"

/* attach.c */
void attach_first_update(void);
void attach_list_entry(void);
void attach_identity(void);
void attach_profile_prefixes(void);
void attach_handoff(void);
void attach_without_mac(void);
void attach_link_local(void);
void attach_link_local_taken(void);
void attach_sequence_counter(void);
void attach_without_timestamps(void);
void attach_after_another_session(void);
void attach_clock_set_back(void);
void attach_table_full(void);
void attach_no_anchor(void);
void attach_again_while_registering(void);
void attach_elsewhere_while_registering(void);
void attach_moved_to_own_port(void);
void attach_other_interface(void);
void attach_handoff_between_interfaces(void);
void attach_superseded_interface(void);
void attach_host_is_someone_else(void);
void settings_refused(void);

/* acknowledge.c */
void accepted_sets_forwarding(void);
void accepted_lifetime_counts_from_update(void);
void accepted_for_longer_than_asked(void);
void accepted_for_no_time(void);
void accepted_without_prefix(void);
void unmatched_is_ignored(void);
void answer_to_earlier_transmission(void);
void answer_of_another_time(void);
void mismatch_is_not_repeated(void);
void mismatch_leaves_registration(void);
void another_nodes_answer_is_no_mismatch(void);
void other_messages_are_ignored(void);

/* rejected.c */
void not_enabled_bars(void);
void barred_and_gone_makes_room(void);
void timestamp_lower_registers_again(void);
void timestamp_lower_hastens_by_chance(void);
void timestamp_mismatch_waits(void);
void timestamp_mismatch_of_a_late_update_is_followed(void);
void held_longer_with_each_rejection(void);
void not_authorized_asks_for_any(void);
void rejections_serve_nothing(void);
void rejections_end_service(void);
void rejected_refresh_ends_service(void);
void refresh_of_other_prefixes(void);
void sequence_out_of_window(void);
void sequence_out_of_window_keeps_service(void);
void answer_without_identifier(void);

/* time.c */
void retransmission_backs_off(void);
void retransmission_counts_up(void);
void retransmission_without_interface(void);
void retransmission_ends_with_attachment(void);
void refresh_at_its_time(void);
void refresh_changes_prefixes(void);
void refresh_as_advised(void);
void refresh_jitter_is_bounded(void);
void expiry_ends_service_and_registers_anew(void);
void late_tick_expires(void);
void many_deadlines_come_in_slices(void);

/* leave.c */
void detach_deregisters(void);
void deregistration_unanswered(void);
void deregistration_rejected(void);
void deregistration_renumbered(void);
void detach_while_registering(void);
void detach_while_held(void);
void detach_while_held_after_service(void);
void back_while_leaving(void);
void detach_of_nobody(void);
void detach_of_unknown_identity(void);
void close_one(void);
void close_all_in_slices(void);
void forwarding_failed(void);
void views_and_names(void);
void table_of_states_is_law(void);

/* prefix.c */
void prefix_of_another_node(void);
void prefix_of_another_node_for_ever(void);

/* pull.c */
void pull_to_a_new_interface(void);
void pull_to_a_session(void);
void pull_while_registering(void);
void pull_by_an_attachment_of_who_is_served(void);
void pull_of_the_full_set(void);
void pull_refused(void);
void pull_refused_late(void);
void pull_asked_again(void);
void pull_mismatch(void);
void pull_unanswered(void);
void pull_to_a_new_interface_refused(void);
void pull_between_own_interfaces(void);
void pull_between_own_interfaces_fails(void);
void pull_idle(void);
void pull_idle_of_all(void);
void pull_goes_on(void);
void pull_given_up_for_a_handover(void);
void pull_checked(void);
void pull_by_settings(void);
void revoked_some(void);
void revoked_some_is_all(void);
void revoked_some_of_who_is_not_served(void);

/* shared.c */
void shared_off_link(void);
void shared_full_set(void);
void shared_on_link(void);
void shared_on_link_idle(void);
void shared_by_acceptance(void);
void shared_refused(void);
void shared_switched_off(void);
void shared_between_own_interfaces(void);
void shared_names_an_interface(void);
void shared_attachment(void);
void shared_attachment_refused(void);
void shared_set_asked_for(void);
void shared_idle_comes_back(void);

/* temporal.c */
void temporal_cut(void);
void temporal_bounded(void);
void temporal_beside_many(void);
void temporal_of_logical_interface(void);
void temporal_idle(void);
void temporal_pulled(void);
void temporal_pulled_by_aggregate(void);
void temporal_known_by_the_anchor(void);
void temporal_taken_without_room(void);
void temporal_off_link(void);
void temporal_of_others(void);
void temporal_swapped(void);
void temporal_unused(void);
void temporal_by_the_anchor(void);
void temporal_by_command(void);
void temporal_of_one_interface(void);
void temporal_outlives(void);
void temporal_outlives_revocation(void);
void temporal_revoked(void);
void temporal_after_refusal(void);
void temporal_settings(void);

/* delegate.c */
void delegation_granted(void);
void delegation_unanswered(void);
void delegation_refused(void);
void delegation_of_another(void);
void delegation_and_settings(void);
void delegation_of_others(void);
void delegation_without_end(void);
void delegation_notified(void);
void delegation_configured(void);
void delegation_forgotten(void);
void delegation_while_closing(void);

/* carried.c */
void gre_keys_are_unique(void);
void gre_key_stays_with_its_session(void);
void gre_not_required(void);
void gre_by_configuration(void);
void service_names_are_bounded(void);
void service_has_its_session(void);
void groups_are_bounded(void);
void group_that_comes_late_is_not_taken(void);
void group_does_not_outlast_its_sessions(void);
void group_granted_less(void);
void group_granted_less_one_by_one(void);
void group_unanswered_leaves_time(void);
void group_after_restart(void);
void group_update_names_no_session(void);
void bulk_switched_off(void);

/* said.c */
void revocation_of_many_sessions_of_one(void);
void notification_of_many_sessions_of_one(void);
void revocations_at_once_are_bounded(void);
void revocation_of_strangers_costs_nothing(void);
void notified_key_of_many(void);
void strangers_are_answered_at_a_rate(void);
void request_is_remembered_for_a_while(void);
void revocation_spares_what_came_later(void);

/* peer.c */
void restarted_anchor_is_paced(void);
void restarted_anchor_twice(void);
void dead_anchor_is_paced(void);
void anchors_are_bounded(void);
void revocation_at_two_anchors(void);
void revocation_repeated(void);

/* apply.c */
void settings_change_peers(void);
void settings_change(void);
void settings_change_timestamps(void);
void settings_change_refused(void);

/* soak.c */
void soak_with_timestamps(void);
void soak_without_timestamps(void);
void soak_with_all_else(void);

/* soak_parts.c */
void soak_of_parts(void);
