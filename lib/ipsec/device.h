/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once
/*
 * The crypto device, one buffer and one operation: packets go through it one at a time.
 */
#include <rte_cryptodev.h>
#include <rte_mbuf.h>

#include "ipsec/ipsec.h"

struct device {
	char name[IPSEC_DEVICE_NAME_MAX]; /* "": there is none */
	uint8_t id;
	bool started;
	struct rte_mempool *sessions, *ops, *mbufs;
	struct rte_crypto_op *op;
	struct rte_mbuf *m;
};

#define DEVICE_IV_AT  (sizeof(struct rte_crypto_op) + sizeof(struct rte_crypto_sym_op))
#define DEVICE_IV_MAX 16

/* 0 or a negative errno, with nothing left behind. */
int ipsec_device_init(struct device *d, const char *driver, uint32_t sessions);
void ipsec_device_fini(struct device *d);
/* The buffer with so many bytes at *at; never NULL: len fits. */
struct rte_mbuf *ipsec_device_buffer(struct device *d, size_t len, uint8_t **at);
/* Put the operation through: its status, RTE_CRYPTO_OP_STATUS_ERROR where the device does not answer. */
enum rte_crypto_op_status ipsec_device_run(struct device *d);
