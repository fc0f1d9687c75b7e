/* SPDX-License-Identifier: BSD-3-Clause */
/* RFC 5213 section 5.5: a lower timestamp is tested first, since a late message may be old as well. */
#include "pmip/order.h"

#include "base/clock.h"

bool
pmip_sequence_later(uint16_t a, uint16_t b)
{
	uint16_t ahead = (uint16_t)(a - b);

	return ahead != 0 && ahead < 0x8000;
}

static bool
within(uint64_t stamp, uint64_t now_wall, uint32_t window_ms)
{
	int64_t ms = clock_wall_ms_between(stamp, now_wall);

	if (window_ms == PMIP_WINDOW_NONE)
		return true;
	return ms <= (int64_t)window_ms && ms >= -(int64_t)window_ms;
}

static enum pmip_order
check_timestamp(const struct pmip_stamp *last, const struct pmip_stamp *this, uint64_t now_wall, uint32_t window_ms)
{
	if (last != NULL && last->timestamp != 0) {
		if (this->timestamp < last->timestamp)
			return PMIP_ORDER_LOWER;
		if (this->timestamp == last->timestamp)
			return this->sequence == last->sequence ? PMIP_ORDER_REPEATED : PMIP_ORDER_MISMATCH;
	}
	return within(this->timestamp, now_wall, window_ms) ? PMIP_ORDER_LATER : PMIP_ORDER_MISMATCH;
}

enum pmip_order
pmip_order_check(const struct pmip_stamp *last, const struct pmip_stamp *this, uint64_t now_wall, uint32_t window_ms)
{
	if (this->timestamp != 0)
		return check_timestamp(last, this, now_wall, window_ms);
	if (last == NULL || last->timestamp != 0 || pmip_sequence_later(this->sequence, last->sequence))
		return PMIP_ORDER_LATER;
	return PMIP_ORDER_SEQUENCE;
}

enum mh_status
pmip_order_status(enum pmip_order o)
{
	switch (o) {
	case PMIP_ORDER_LATER:
		return MH_STATUS_ACCEPTED;
	case PMIP_ORDER_LOWER:
		return MH_STATUS_TIMESTAMP_LOWER_THAN_PREV_ACCEPTED;
	case PMIP_ORDER_SEQUENCE:
		return MH_STATUS_SEQUENCE_OUT_OF_WINDOW;
	case PMIP_ORDER_REPEATED:
	case PMIP_ORDER_MISMATCH:
		break;
	}
	return MH_STATUS_TIMESTAMP_MISMATCH;
}
