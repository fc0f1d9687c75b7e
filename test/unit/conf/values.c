/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cases.h"

static bool
is_addr(const struct addr6 *a, const char *text)
{
	char buf[ADDR6_TEXT];

	return strcmp(addr6_format(a, buf), text) == 0;
}

static bool
is_prefix(const struct addr_prefix *p, const char *text)
{
	char buf[ADDR_PREFIX_TEXT];

	return strcmp(addr_prefix_format(p, buf), text) == 0;
}

static bool
is_mac(const struct addr_mac *m, const char *text)
{
	char buf[ADDR_MAC_TEXT];

	return strcmp(addr_mac_format(m, buf), text) == 0;
}

/* shows: RFC5213-9.2-03 RFC5213-9.3-08 RFC5213-9.3-09 */
void
values_defaults_gateway(void)
{
	struct conf *c = loaded(GOOD "least-mag.yaml");

	CU_ASSERT_EQUAL(c->node.roles, CONF_ROLE_MAG);
	CU_ASSERT_EQUAL(c->eal.memory_mb, 64);
	CU_ASSERT_EQUAL(c->eal.hugepages, CONF_HUGEPAGES_AUTO);
	CU_ASSERT_STRING_EQUAL(conf_hugepages_name(c->eal.hugepages), "auto");
	CU_ASSERT_STRING_EQUAL(c->control.socket, "/run/kedge/kedge.sock");
	CU_ASSERT_EQUAL(c->control.mode, 0660);
	CU_ASSERT_EQUAL(c->log.level, LOG_INFO);
	CU_ASSERT_EQUAL(c->workers.idle, CONF_IDLE_SLEEP);
	CU_ASSERT_EQUAL(c->workers.counters, CONF_COUNTERS_SESSION);
	CU_ASSERT_EQUAL(c->ports[0].role, CONF_PORT_CORE);
	CU_ASSERT_EQUAL(c->ports[1].mtu, 1500);
	CU_ASSERT_EQUAL(c->ports[1].vlan, 0);
	CU_ASSERT_EQUAL(c->ports[1].access_tech, 3); /* IEEE 802.3, RFC 5213 section 8.5 */
	CU_ASSERT(addr6_is_zero(&c->mag.lma));
	CU_ASSERT(is_addr(&c->mag.link_local, "fe80::200:5eff:fe00:5213")); /* RFC 6543 section 4 */
	CU_ASSERT(is_mac(&c->mag.mac, "00:00:5e:00:52:13"));
	CU_ASSERT_EQUAL(c->tunnels.encapsulation_limit, -1);
	CU_ASSERT_EQUAL(c->tunnels.dscp, -1);
	CU_ASSERT(c->mag.timestamps && !c->mag.local_routing); /* RFC 5213 sections 9.3 and 9.2 */
	/* RFC 5213 section 9.1, RFC 6275 section 12 */
	CU_ASSERT_EQUAL(c->timers.min_delay_before_bce_delete_ms, 10000);
	CU_ASSERT_EQUAL(c->timers.max_delay_before_new_bce_assign_ms, 1500);
	CU_ASSERT_EQUAL(c->timers.timestamp_validity_window_ms, 300);
	CU_ASSERT_EQUAL(c->timers.initial_bindack_timeout_ms, 1000);
	CU_ASSERT_EQUAL(c->timers.max_bindack_timeout_ms, 32000);
	CU_ASSERT_EQUAL(c->routes_count + c->neighbours_count + c->peers_count + c->mobile_nodes_count, 0);
	conf_free(c);
}

void
values_defaults_anchor(void)
{
	struct conf *c = loaded(GOOD "least-lma.yaml");
	char *text = printed(c);

	CU_ASSERT_EQUAL(c->node.roles, CONF_ROLE_LMA);
	CU_ASSERT_EQUAL(c->lma.max_lifetime_s, 3600);
	CU_ASSERT(c->lma.proxy_registration && c->lma.timestamps && !c->lma.mn_timestamps); /* section 9.3 */
	CU_ASSERT_EQUAL(c->pools_count, 0);
	/* The tunnels of an anchor have the option's default too, and "limit 0" is another thing than none. */
	CU_ASSERT_EQUAL(c->tunnels.encapsulation_limit, -1);
	CU_ASSERT_PTR_NULL(strstr(text, "\nmag:"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\nlma:\n  address: \"2001:db8:100::1\"\n"));
	free(text);
	conf_free(c);
}

/* shows: RFC5213-9.1-01 RFC5213-9.1-02 RFC5213-9.2-01 RFC5213-9.2-02 */
void
values_given(void)
{
	struct conf *c = loaded(GOOD "every-key.yaml");

	CU_ASSERT_STRING_EQUAL(c->node.name, "all.in_one-1");
	CU_ASSERT_EQUAL(c->node.roles, CONF_ROLE_LMA | CONF_ROLE_MAG);
	CU_ASSERT_STRING_EQUAL(c->eal.lcores, "(0-1)@0,2@1");
	CU_ASSERT_EQUAL(c->eal.memory_mb, 128);
	CU_ASSERT_EQUAL(c->eal.hugepages, CONF_HUGEPAGES_NO);
	CU_ASSERT_EQUAL(c->control.mode, 0600);
	CU_ASSERT_STRING_EQUAL(c->control.group, "k\xc3\xa4"
						 "dge \"x\" \\ \xf0\x9f\x9a\xa2");
	CU_ASSERT_EQUAL(c->log.level, LOG_DEBUG);
	CU_ASSERT_EQUAL(c->workers.idle, CONF_IDLE_POLL);
	CU_ASSERT_EQUAL(c->workers.idle_sleep_us, 100);
	CU_ASSERT_EQUAL(c->workers.counters, CONF_COUNTERS_OFF);
	CU_ASSERT_EQUAL(c->punt.signalling_per_s, 1);
	CU_ASSERT_EQUAL(c->punt.nd_per_s, 0);
	CU_ASSERT_EQUAL(c->punt.own_per_s, 10000000);
	CU_ASSERT_EQUAL(c->punt.host_per_s, 3);
	CU_ASSERT_EQUAL(c->punt.resolve_per_s, 4);
	CU_ASSERT_EQUAL(c->limits.sessions, 1);
	CU_ASSERT_EQUAL(c->limits.hosts, 2);
	CU_ASSERT_EQUAL(c->limits.neighbours, 8);
	CU_ASSERT_EQUAL(c->limits.routes, 16);
	CU_ASSERT_EQUAL(c->limits.tunnels, 3);
	CU_ASSERT_EQUAL(c->tunnels.mss_clamp, CONF_MSS_CLAMP_TUNNEL);
	CU_ASSERT(c->tunnels.fragment);
	CU_ASSERT_EQUAL(c->limits.reassemblies, 0);
	CU_ASSERT_EQUAL(c->limits.reassembly_ms, 60000);
	CU_ASSERT_EQUAL(c->limits.mbufs, 1024);
	CU_ASSERT_EQUAL(c->ports[0].queues, 2);
	CU_ASSERT_EQUAL(c->ports[0].workers, UINT64_C(1) << 63 | 7);
	CU_ASSERT_EQUAL(c->ports[0].spread, CONF_SPREAD_WORKERS);
	CU_ASSERT(c->ports[0].rss_key.len == 40 && c->ports[0].rss_key.bytes[0] == 1 &&
		  c->ports[0].rss_key.bytes[39] == 0xff);
	CU_ASSERT(c->ports[1].workers == 0 && c->ports[1].rss_key.len == 0);
	CU_ASSERT(is_addr(&c->lma.address, "2001:db8:100::1"));
	CU_ASSERT_EQUAL(c->lma.max_lifetime_s, 262140);
	CU_ASSERT(!c->lma.proxy_registration && !c->lma.timestamps);
	CU_ASSERT(is_addr(&c->mag.address, "2001:db8:100::1"));
	CU_ASSERT(is_addr(&c->mag.lma, "2001:db8:200::1"));
	CU_ASSERT_EQUAL(c->mag.lifetime_s, 4);
	CU_ASSERT(!c->mag.timestamps);
	CU_ASSERT(is_addr(&c->mag.link_local, "fe80::1"));
	CU_ASSERT(is_mac(&c->mag.mac, "02:00:00:00:00:01"));
	CU_ASSERT_EQUAL(c->mag.router_lifetime_s, 9000);
	CU_ASSERT_EQUAL(c->mag.advertise_s, 4);
	CU_ASSERT(c->mag.local_routing);
	CU_ASSERT_EQUAL(c->tunnels.encapsulation_limit, 0);
	CU_ASSERT_EQUAL(c->tunnels.dscp, 46);
	CU_ASSERT_EQUAL(c->timers.min_delay_before_bce_delete_ms, 0);
	CU_ASSERT_EQUAL(c->timers.max_delay_before_new_bce_assign_ms, 60000);
	CU_ASSERT_EQUAL(c->timers.timestamp_validity_window_ms, 1);
	CU_ASSERT_EQUAL(c->timers.max_bindack_timeout_ms, 10);
	CU_ASSERT_EQUAL(c->timers.retransmissions_max, 0);
	CU_ASSERT_EQUAL(c->timers.refresh_percent, 95);
	CU_ASSERT_EQUAL(c->timers.be_rate_per_s, 0);
	CU_ASSERT_STRING_EQUAL(c->policy.file, "policy/more.yaml");
	conf_free(c);
}

/* Nodes of domains that agree on other things than usual. */
/* shows: RFC5213-9.3-01 RFC5213-9.3-02 */
void
values_domain(void)
{
	struct conf *c = loaded(GOOD "every-key.yaml");

	CU_ASSERT(!c->lma.timestamps && !c->mag.timestamps && !c->lma.mn_timestamps);
	CU_ASSERT(is_addr(&c->mag.link_local, "fe80::1"));
	CU_ASSERT(is_mac(&c->mag.mac, "02:00:00:00:00:01"));
	conf_free(c);
	c = loaded(GOOD "mobile-node-timestamps.yaml");
	CU_ASSERT(c->lma.timestamps && c->lma.mn_timestamps);
	conf_free(c);
}

/* shows: RFC5213-4-07 */
void
values_lists(void)
{
	struct conf *c = loaded(GOOD "every-key.yaml");
	struct conf_MOBILE_NODE room;
	const struct conf_MOBILE_NODE *n = conf_mobile_node(c, 0, &room);

	CU_ASSERT_EQUAL(c->eal.args_count, 2);
	CU_ASSERT_STRING_EQUAL(c->eal.args[1], "user1:debug");
	CU_ASSERT_EQUAL(c->ports_count, 3);
	CU_ASSERT_STRING_EQUAL(c->ports[1].device, "net_af_packet0,iface=acc0");
	CU_ASSERT_EQUAL(c->ports[1].role, CONF_PORT_ACCESS);
	CU_ASSERT_EQUAL(c->ports[0].vlan, 4094);
	CU_ASSERT_EQUAL(c->ports[0].addresses_count, 2);
	CU_ASSERT(is_addr(&c->ports[0].addresses[1].addr, "2001:db8:1::1"));
	CU_ASSERT_EQUAL(c->ports[0].addresses[1].len, 128);
	CU_ASSERT_EQUAL(c->ports[1].access_tech, 12);
	CU_ASSERT_EQUAL(c->ports[2].access_tech, 1);
	CU_ASSERT_EQUAL(c->routes_count, 2);
	CU_ASSERT(is_prefix(&c->routes[1].prefix, "2001:db8:7::/48"));
	CU_ASSERT(is_addr(&c->routes[1].via, "fe80::fe"));
	CU_ASSERT_STRING_EQUAL(c->routes[1].port, "core");
	CU_ASSERT_EQUAL(c->neighbours_count, 2);
	CU_ASSERT(is_mac(&c->neighbours[0].mac, "02:00:00:00:00:fe"));
	CU_ASSERT_EQUAL(c->peers_count, 2);
	CU_ASSERT(is_prefix(&c->peers[0].address, "2001:db8:100::1/128"));
	CU_ASSERT_EQUAL(c->peers[0].timestamp_window_ms, 500);
	CU_ASSERT(is_prefix(&c->peers[1].address, "2001:db8:101::/48"));
	CU_ASSERT_EQUAL(c->pools_count, 2);
	CU_ASSERT_EQUAL(c->pools[1].length, 64);
	CU_ASSERT_STRING_EQUAL(n->id, "mn1@example.com");
	CU_ASSERT_EQUAL(n->link_layer_count, 2);
	CU_ASSERT(is_mac(&n->link_layer[1], "02:00:00:00:aa:11"));
	CU_ASSERT(is_addr(&n->lma, "2001:db8:300::1"));
	CU_ASSERT_EQUAL(n->access_tech, 4);
	CU_ASSERT_STRING_EQUAL(n->pool, "single");
	CU_ASSERT_EQUAL(n->prefixes_count, 2);
	CU_ASSERT(is_prefix(&n->prefixes[1], "2001:db8:5:5::/64"));
	CU_ASSERT_EQUAL(n->prefix_count, 8);
	CU_ASSERT_STRING_EQUAL(n->flow_policies, "video all_else");
	conf_free(c);
}

void
values_multihoming(void)
{
	struct conf *c = loaded(GOOD "every-key.yaml");
	const struct conf_MULTIHOMING *m = &c->multihoming;
	char text[SELECTOR_TEXT];

	CU_ASSERT(m->flow_mobility && m->hi5_flow_handover && m->lenient && m->full_set);
	CU_ASSERT(m->partial_new == 241 && m->partial_existing == 242 && m->vendor == UINT32_MAX);
	CU_ASSERT(c->peers[0].partial_new == 0 && c->peers[0].partial_existing == 250);
	CU_ASSERT(c->peers[1].partial_new == -1 && c->peers[1].partial_existing == -1);
	CU_ASSERT_EQUAL_FATAL(c->flow_policies_count, 2);
	CU_ASSERT_STRING_EQUAL(selector_format(&c->flow_policies[0].selector, text),
			       "destination=2001:db8:1000::/44 source-port=5004-5010 protocol=udp");
	CU_ASSERT(c->flow_policies[0].priority == 65535 && c->flow_policies[0].access_tech == 4);
	CU_ASSERT_EQUAL(c->flow_policies[1].selector.fields, 0);
	CU_ASSERT_EQUAL_FATAL(c->aggregates_count, 1);
	CU_ASSERT(is_prefix(&c->aggregates[0].prefix, "2001:db8:8000::/48"));
	CU_ASSERT(is_addr(&c->aggregates[0].gateway, "2001:db8:101::7"));
	CU_ASSERT(is_prefix(&c->mag.aggregate, "2001:db8:9000::/63"));
	CU_ASSERT(c->mag.temporal_prefixes == 4 && c->mag.logical_interface);
	conf_free(c);
	/* RFC 5213 and no more. */
	c = loaded(GOOD "least-mag.yaml");
	m = &c->multihoming;
	CU_ASSERT(!m->flow_mobility && !m->hi5_flow_handover && !m->lenient && !m->full_set);
	CU_ASSERT(m->partial_new == 0 && m->partial_existing == 0 && m->vendor == 0);
	CU_ASSERT(c->mag.aggregate.len == 0 && c->mag.temporal_prefixes == 0 && !c->mag.logical_interface);
	conf_free(c);
}

void
values_policy_file(void)
{
	struct conf *c = loaded(GOOD "every-key.yaml");
	struct conf_MOBILE_NODE n;
	char *text = printed(c);

	CU_ASSERT_EQUAL(c->inline_nodes, 1);
	CU_ASSERT_EQUAL(c->mobile_nodes_count, 3);
	CU_ASSERT_STRING_EQUAL(conf_mobile_node(c, 1, &n)->id, "mn2@example.com");
	CU_ASSERT_EQUAL(conf_mobile_node(c, 1, &n)->prefix_count, 1);
	CU_ASSERT_STRING_EQUAL(conf_mobile_node(c, 2, &n)->id, "mn3@example.com");
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "mn1@example.com"));
	CU_ASSERT_PTR_NULL(strstr(text, "mn2@example.com"));
	free(text);
	conf_free(c);
}

void
values_documentation_rows(void)
{
	char *page = described();

#define SECTION_BEGIN(NAME, member, yaml, shape, role, help)                                                           \
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "\n## `" yaml "`\n\n" help "."));
#define KEY(NAME, field, key, KIND, CHANGE, def, min, max, help)                                                       \
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "\n| `" key "` | "));                                                      \
	CU_ASSERT_PTR_NOT_NULL(strstr(page, " | " help " | "));
#define SECTION_END(NAME)
#include "conf/key.def"
#define TIMER(field, key, unit, def, min, max, source, help)                                                           \
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "\n| `" key "` | a number from " #min " to " #max " | `" #def "` "         \
					    "| " help));
#include "base/timer.def"
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "| `level` | error, warning, notice, info or debug | `info` |"));
	CU_ASSERT_PTR_NOT_NULL(strstr(page, "| `roles` | a list, each item lma or mag | must be given |"));
	free(page);
}
