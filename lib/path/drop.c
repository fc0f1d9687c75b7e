/* SPDX-License-Identifier: BSD-3-Clause */
/* The end of every packet that goes nowhere: counted by its reason, wherever that was found. */
#include "stage.h"

void
path_stage_drop(struct path_worker *w, struct batch *in)
{
	for (unsigned int i = 0; i < in->n; i++)
		w->stat.drop[packet_of(in->m[i])->drop]++;
	rte_pktmbuf_free_bulk(in->m, in->n);
}
