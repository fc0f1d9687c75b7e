#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Install what Kedge builds, tests and runs with, where it is missing. When nothing is, this takes no time.
#
#	drivers-config/packages.sh		install (root)
#	drivers-config/packages.sh --list	only print the names
#
# The names are Debian 12's. Ubuntu 24.04 has the same names by its documentation; that is untested.
set -euo pipefail

build=(build-essential pkg-config meson ninja-build libdpdk-dev dpdk libcyaml-dev libyaml-dev libjansson-dev
       libcunit1-dev nettle-dev)
check=(clang clang-format libclang-rt-14-dev codespell shellcheck python3 python3-jsonschema python3-yaml
       python3-scapy tshark iproute2 iputils-ping ethtool iperf3 tcpdump ndisc6 nftables procps jq socat zsh man-db
       git dpdk-dev)

if [ "${1:-}" = --list ]; then
	printf '%s\n' "${build[@]}" "${check[@]}"
	exit 0
fi

have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
missing=()
for package in "${build[@]}" "${check[@]}"; do
	grep -qx -- "$package" <<<"$have" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "deps: installing ${missing[*]}"
if [ "$(id -u)" -ne 0 ]; then
	echo "deps: not root; run: apt-get install ${missing[*]}" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o DPkg::Lock::Timeout=500 update
apt-get -qq -o DPkg::Lock::Timeout=500 install -y --no-install-recommends "${missing[@]}" >/dev/null
