/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/* Cases about options; the table in mh.c says what each shows. */
void option_unknown(void);
void option_past_end(void);
void option_lengths(void);
void option_mn_id_lengths(void);
void option_hnp_values(void);
void option_hnp_many(void);
void option_first_counts(void);
void option_alignment(void);
void option_reserved(void);
void option_link_layer_sizes(void);
void option_gre_key(void);
void option_group(void);
void option_service(void);
void option_vendor(void);
void option_authentication_last(void);
void option_authentication_place(void);
