/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Cases about the options of mobile nodes with several interfaces; the table in mh.c says what each shows. */
void flow_vectors(void);
void flow_vectors_spoilt(void);
void flow_flags(void);
void flow_alignment(void);
void flow_many(void);
void flow_refused(void);
void flow_reserved(void);
void flow_binding_id(void);
void flow_delegated_prefix(void);
void flow_off_link(void);
void flow_vendor_prefixes(void);
void flow_vendor_delegations(void);
void flow_behind_head(void);
