/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What engines publish, as events, or as lines of the log alone: the session or host first, then key=value.
 */
#include "methods.h"
#include "state.h"

/* The event that a publication is; CTL_EVENT_COUNT: none. */
static enum ctl_event_kind
event_of(enum pmip_publish what)
{
	switch (what) {
	case PMIP_PUB_SESSION_OPENED:
		return CTL_EVENT_SESSION_OPENED;
	case PMIP_PUB_SESSION_MOVED:
		return CTL_EVENT_HANDOVER;
	case PMIP_PUB_SESSION_CLOSED:
	case PMIP_PUB_SESSION_EXPIRED:
		return CTL_EVENT_SESSION_CLOSED;
	case PMIP_PUB_REJECTED:
		return CTL_EVENT_ATTACH_REFUSED;
	case PMIP_PUB_REVOKED:
		return CTL_EVENT_SESSION_REVOKED;
	case PMIP_PUB_REVOCATION_REFUSED:
	case PMIP_PUB_REVOCATION_UNANSWERED:
		return CTL_EVENT_REVOCATION_FAILED;
	case PMIP_PUB_NOTIFIED:
		return CTL_EVENT_SESSION_NOTIFIED;
	case PMIP_PUB_NOTIFICATION_REFUSED:
	case PMIP_PUB_NOTIFICATION_UNANSWERED:
		return CTL_EVENT_NOTIFICATION_FAILED;
	case PMIP_PUB_PREFIXES_MOVED:
		return CTL_EVENT_PREFIXES_MOVED;
	case PMIP_PUB_MOVE_REFUSED:
		return CTL_EVENT_MOVE_FAILED;
	case PMIP_PUB_FLOW_MOVED:
		return CTL_EVENT_FLOW_MOVED;
	case PMIP_PUB_FLOW_REFUSED:
		return CTL_EVENT_FLOW_FAILED;
	case PMIP_PUB_SESSION_REFRESHED: /* many, and nothing changes */
	case PMIP_PUB_NO_ANSWER:	 /* the peer's event, whatever sessions it has */
	case PMIP_PUB_POOL_EMPTY:	 /* the pool's; the update's is its rejection */
	case PMIP_PUB_DEREGISTRATION_UNANSWERED:
	case PMIP_PUB_LINK_LOCAL_TAKEN:
	case PMIP_PUB_PEER_FAILED:
	case PMIP_PUB_PEER_RETURNED:
	case PMIP_PUB_PEER_RESTARTED:
		break;
	}
	return CTL_EVENT_COUNT;
}

/* Of those that are no events. */
static enum log_level
level_of(enum pmip_publish what)
{
	switch (what) {
	case PMIP_PUB_NO_ANSWER:
	case PMIP_PUB_LINK_LOCAL_TAKEN:
		return LOG_WARNING;
	case PMIP_PUB_SESSION_REFRESHED:
		return LOG_DEBUG;
	default:
		return LOG_INFO;
	}
}

/* " session=7", or nothing where it is about none. */
static const char *
session_text(uint32_t session, char text[24])
{
	text[0] = '\0';
	if (session != PMIP_SESSION_NONE)
		snprintf(text, 24, " session=%u", session);
	return text;
}

/* " flow=3", or nothing. */
static const char *
flow_text(uint16_t flow, char text[16])
{
	text[0] = '\0';
	if (flow != 0)
		snprintf(text, 16, " flow=%u", flow);
	return text;
}

/* What a vendor's notification said: nobody here knows what it means. */
static json_t *
vendors_json(const struct pmip_action *a)
{
	json_t *list = json_array();

	for (unsigned int i = 0; i < a->publish.vendor_count; i++) {
		const struct mh_opt_vendor *v = &a->publish.vendor[i];

		json_array_append_new(list, json_pack("{s:I, s:i, s:o}", "vendor", (json_int_t)v->vendor, "type",
						      v->subtype, "data", ctl_methods_bytes(v->data, v->len)));
	}
	return list;
}

/* What a session has by now. */
static json_t *
prefixes_json(const struct ctl *c, const struct ctl_engine *engine, uint32_t session)
{
	struct lma_view lma;
	struct mag_view mag;

	if (engine == &c->lma && lma_find(c->s.lma, session, &lma))
		return ctl_methods_prefixes(lma.prefix, lma.prefix_count);
	if (engine == &c->mag && mag_find(c->s.mag, session, &mag))
		return ctl_methods_prefixes(mag.prefix, mag.prefix_count);
	return json_array();
}

static void
tell(struct ctl *c, const struct ctl_engine *engine, enum ctl_event_kind kind, const struct pmip_action *a)
{
	const char *what = pmip_publish_name(a->publish.what);
	const char *status = ctl_status_name_of(kind, engine == &c->mag, a->publish.status);
	char mn[PMIP_MN_ID_TEXT], peer[ADDR6_TEXT], session[24], flow[16];
	json_t *data;

	if (!ctl_event_is_due(c, kind)) /* what it would say costs more than the exchange that it is about */
		return;
	pmip_mn_id_format(&a->publish.mn_id, mn);
	addr6_format(&a->publish.peer, peer);
	data = json_pack("{s:s, s:s, s:s, s:s, s:i, s:s}", "mn", mn, "role", engine->name, "peer", peer, "what", what,
			 "status", a->publish.status, "status_name", status);
	if (a->session != PMIP_SESSION_NONE)
		json_object_set_new(data, "session", json_integer(a->session));
	if (kind == CTL_EVENT_PREFIXES_MOVED)
		json_object_set_new(data, "prefixes", prefixes_json(c, engine, a->session));
	if (a->publish.flow != 0)
		json_object_set_new(data, "flow", json_integer(a->publish.flow));
	if (a->publish.vendor_count > 0)
		json_object_set_new(data, "vendors", vendors_json(a));
	ctl_event(c, kind, engine->name, data, "%s: %s%s%s peer=%s status=%u", mn[0] != '\0' ? mn : "all sessions",
		  what, session_text(a->session, session), flow_text(a->publish.flow, flow), peer, a->publish.status);
}

static void
log_line(struct ctl *c, const struct ctl_engine *engine, const struct pmip_action *a)
{
	enum log_level level = level_of(a->publish.what);
	char mn[PMIP_MN_ID_TEXT], peer[ADDR6_TEXT], session[24];

	if (!ctl_event_line(c, level))
		return;
	pmip_mn_id_format(&a->publish.mn_id, mn);
	log_write(level, engine->name, "%s: %s%s peer=%s", mn, pmip_publish_name(a->publish.what),
		  session_text(a->session, session), addr6_format(&a->publish.peer, peer));
}

void
ctl_publish(struct ctl *c, const struct ctl_engine *engine, const struct pmip_action *a)
{
	enum ctl_event_kind kind = event_of(a->publish.what);

	if (kind != CTL_EVENT_COUNT) {
		ctl_history_event(c, engine, kind, a);
		tell(c, engine, kind, a);
	} else if (a->publish.what != PMIP_PUB_POOL_EMPTY) {
		log_line(c, engine, a);
	}
	if (a->publish.what == PMIP_PUB_NO_ANSWER) {
		ctl_history_event(c, engine, CTL_EVENT_PEER_LOST, a);
		ctl_peer_lost(c, &a->publish.peer);
	}
	if (a->publish.what == PMIP_PUB_POOL_EMPTY)
		ctl_alarm_pools(c);
	if (a->publish.what == PMIP_PUB_REJECTED && a->publish.status == MH_STATUS_TIMESTAMP_MISMATCH)
		ctl_peer_skewed(c, &a->publish.peer);
}

void
ctl_publish_host_left(struct ctl *c, const struct access_key *key, enum access_detach why)
{
	const char *port = ctl_port_find(c, key->port)->name;
	char mac[ADDR_MAC_TEXT];

	addr_mac_format(&key->mac, mac);
	ctl_event(c, CTL_EVENT_HOST_LEFT, "access",
		  json_pack("{s:s, s:s, s:s}", "host", mac, "port", port, "why", access_detach_name(why)),
		  "%s: host left port=%s why=%s", mac, port, access_detach_name(why));
}
