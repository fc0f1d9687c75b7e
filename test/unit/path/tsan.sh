#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The cases of setup.c, in which a thread looks at a worker, under ThreadSanitizer: no data race, and all pass.
#
#	tsan.sh SOURCE BUILD
#
# SOURCE is the top of the tree, BUILD a directory to build in. It needs no root, hugepages or configured build.
set -eu
source=$1 build=$2/tsan
here=$source/test/unit/path
includes=
for room in base stat nd tun fwd path; do
	includes="$includes -I$source/lib/$room/include"
done
mkdir -p "$build"
# shellcheck disable=SC2086,SC2046
${CC:-cc} -std=gnu11 -D_GNU_SOURCE -g -O2 -fsanitize=thread -Wno-tsan -I"$here" -I"$source/test/unit" $includes \
	-I"$source/lib/fwd" -I"$source/lib/path" $(pkg-config --cflags libdpdk) "$here/tsan_main.c" "$here/setup.c" "$here/frame.c" "$here/world.c" \
	"$source/test/unit/unit.c" "$source"/lib/base/*.c "$source"/lib/stat/*.c "$source"/lib/nd/*.c "$source"/lib/tun/*.c \
	"$source"/lib/fwd/*.c "$source"/lib/path/*.c -o "$build/unit" $(pkg-config --libs libdpdk) -lrte_net_ring -lcunit -pthread
TSAN_OPTIONS="halt_on_error=1 exitcode=66 suppressions=$here/tsan.supp" "$build/unit"
