#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The torture cases of torture*.c, built apart from the house.
#
#	torture.sh tsan SOURCE BUILD		with ThreadSanitizer: no data race, and all cases pass
#	torture.sh mutants SOURCE BUILD		each patch in mutants/ is a defect: the cases must fail
#
# SOURCE is the top of the tree, BUILD a directory to build in. Neither needs root, hugepages or a configured build.
set -eu
what=$1 source=$2 build=$3/torture-$1
here=$source/test/unit/fwd

cflags="-std=gnu11 -D_GNU_SOURCE -g -O2 -I$here -I$source/test/unit -I$source/lib/fwd/include
	-I$source/lib/tun/include -I$source/lib/base/include $(pkg-config --cflags libdpdk)"

# torture_build FWD OUT FLAGS...: the cases with the room's sources in FWD
torture_build() {
	fwd=$1 out=$2
	shift 2
	# shellcheck disable=SC2086,SC2046
	${CC:-cc} $cflags "$@" -I"$fwd" "$here/torture_main.c" "$here"/torture.c "$here"/torture_grow.c "$here/eal.c" "$fwd"/*.c \
		"$source/test/unit/unit.c" "$source"/lib/base/*.c "$source"/lib/tun/*.c \
		-o "$out" $(pkg-config --libs libdpdk) -lcunit -pthread
}

rm -rf "$build"
mkdir -p "$build"
case $what in
tsan)
	# DPDK's fences are not modelled (-Wno-tsan); nothing here relies on them for order.
	torture_build "$source/lib/fwd" "$build/torture" -fsanitize=thread -Wno-tsan
	TSAN_OPTIONS="halt_on_error=1 exitcode=66 suppressions=$here/tsan.supp" "$build/torture"
	;;
mutants)
	found=0
	for mutant in "$here"/mutants/*.patch; do
		name=$(basename "$mutant" .patch)
		cp -r "$source/lib/fwd" "$build/$name"
		patch -s -d "$build/$name" -p1 <"$mutant"
		torture_build "$build/$name" "$build/$name/torture"
		# Where others keep the cores busy, a second may pass without the moment that shows it.
		status=0
		for _ in 1 2 3 4 5; do
			"$build/$name/torture" >"$build/$name/log" 2>&1 || status=$?
			[ $status -eq 0 ] || break
		done
		# 1: cases failed. Anything else is no finding but an accident.
		if [ $status -ne 1 ]; then
			echo "mutant $name: exit status $status, not found" >&2
			exit 1
		fi
		echo "mutant $name: found"
		found=$((found + 1))
	done
	[ $found -gt 0 ]
	;;
*)
	echo "usage: $0 tsan|mutants SOURCE BUILD" >&2
	exit 2
	;;
esac
