/* SPDX-License-Identifier: BSD-3-Clause */
#define ALLOW_EXPERIMENTAL_API /* the pool of sessions, in DPDK 22.11 */
#include "device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <rte_dev.h>

#define QUEUE	    0
#define DESCRIPTORS 32
#define POLLS_MAX   64 /* a device in software answers at once, one that gathers operations when it is asked again */
#define ROOM	    (RTE_PKTMBUF_HEADROOM + 40 + IPSEC_PACKET_MAX + 2 * IPSEC_OVERHEAD)

static int
start(struct device *d)
{
	struct rte_cryptodev_config config = {.socket_id = (int)rte_socket_id(), .nb_queue_pairs = 1};
	struct rte_cryptodev_qp_conf queue = {.nb_descriptors = DESCRIPTORS, .mp_session = d->sessions};

	if (rte_cryptodev_configure(d->id, &config) < 0 ||
	    rte_cryptodev_queue_pair_setup(d->id, QUEUE, &queue, SOCKET_ID_ANY) < 0 || rte_cryptodev_start(d->id) < 0)
		return -ENODEV;
	d->started = true;
	return 0;
}

static int
make_buffers(struct device *d)
{
	d->ops = rte_crypto_op_pool_create("kedge_ipsec_ops", RTE_CRYPTO_OP_TYPE_SYMMETRIC, 1, 0, DEVICE_IV_MAX,
					   SOCKET_ID_ANY);
	d->mbufs = rte_pktmbuf_pool_create("kedge_ipsec_mbufs", 1, 0, 0, ROOM, SOCKET_ID_ANY);
	if (d->ops == NULL || d->mbufs == NULL)
		return -ENOMEM;
	d->op = rte_crypto_op_alloc(d->ops, RTE_CRYPTO_OP_TYPE_SYMMETRIC);
	d->m = rte_pktmbuf_alloc(d->mbufs);
	return d->op != NULL && d->m != NULL ? 0 : -ENOMEM;
}

int
ipsec_device_init(struct device *d, const char *driver, uint32_t sessions)
{
	int rc = 0, id;

	*d = (struct device){.id = 0};
	snprintf(d->name, sizeof(d->name), "%s_kedge", driver);
	if (rte_eal_hotplug_add("vdev", d->name, "max_nb_queue_pairs=1") != 0) {
		d->name[0] = '\0';
		return -ENODEV;
	}
	id = rte_cryptodev_get_dev_id(d->name);
	if (id < 0)
		rc = -ENODEV;
	d->id = (uint8_t)id;
	if (rc == 0) {
		d->sessions = rte_cryptodev_sym_session_pool_create("kedge_ipsec_sessions", sessions,
								    rte_cryptodev_sym_get_private_session_size(d->id),
								    0, 0, SOCKET_ID_ANY);
		rc = d->sessions != NULL ? make_buffers(d) : -ENOMEM;
	}
	if (rc == 0)
		rc = start(d);
	if (rc < 0)
		ipsec_device_fini(d);
	return rc;
}

void
ipsec_device_fini(struct device *d)
{
	if (d->started)
		rte_cryptodev_stop(d->id);
	rte_crypto_op_free(d->op);
	rte_pktmbuf_free(d->m);
	if (d->name[0] != '\0')
		rte_eal_hotplug_remove("vdev", d->name);
	rte_mempool_free(d->sessions);
	rte_mempool_free(d->ops);
	rte_mempool_free(d->mbufs);
	*d = (struct device){.id = 0};
}

struct rte_mbuf *
ipsec_device_buffer(struct device *d, size_t len, uint8_t **at)
{
	rte_pktmbuf_reset(d->m);
	*at = (uint8_t *)rte_pktmbuf_append(d->m, (uint16_t)len);
	return d->m;
}

enum rte_crypto_op_status
ipsec_device_run(struct device *d)
{
	struct rte_crypto_op *done = NULL;

	if (rte_cryptodev_enqueue_burst(d->id, QUEUE, &d->op, 1) != 1)
		return d->op->status == RTE_CRYPTO_OP_STATUS_NOT_PROCESSED ? RTE_CRYPTO_OP_STATUS_ERROR : d->op->status;
	for (unsigned int i = 0; i < POLLS_MAX && done == NULL; i++)
		if (rte_cryptodev_dequeue_burst(d->id, QUEUE, &done, 1) == 0)
			done = NULL;
	return done != NULL ? done->status : RTE_CRYPTO_OP_STATUS_ERROR;
}
