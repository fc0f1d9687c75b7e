/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Cases about the golden messages; the table in mh.c says what each shows. */
void golden_attach(void);
void golden_accepted(void);
void golden_timestamp_lower(void);
void golden_experimental_handoff(void);
void golden_not_authorised(void);
void golden_revocation(void);
void golden_heartbeat(void);
void golden_notification(void);
void golden_all(void);
void golden_reserved(void);
void golden_header(void);
