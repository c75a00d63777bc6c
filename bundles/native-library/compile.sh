#!/bin/sh
# Compiles the C of a bundle: compile.sh SOURCES CLASSES [LIST]
#
# SOURCES/libraries, or the LIST there, has a line for each library: the processor it is for (as uname -m says, or "any"), its path under CLASSES,
# its sources, and after "--" the flags it needs. Only libraries for this machine's processor are made, and only where something
# in SOURCES is newer. Where there is no compiler, or it or its assembler refuses what a library needs, that library is left out
# and a note says so: what wanted it then uses the next best thing. CC chooses the compiler; one that is not there, or that
# compiles nothing at all, is an error.
#
# With ALCOVE_TIERS=own only the first library of each folder that this very machine can use is made; they are listed from the
# best down. That is a quarter of the work, and enough to run here. One that needs tiles (AMX) does not count: the operating
# system may refuse them, and then the next best is wanted.
set -eu

sources=$1
classes=$2
list=$sources/${3:-libraries}
[ -f "$list" ] || { echo "compile.sh: $list is missing; list the libraries there" >&2; exit 1; }

# CC is a command of one or more words. Where it is set, no other compiler will do.
# shellcheck disable=SC2086
set -- ${CC:-}
compiler=$*
if [ $# -gt 0 ]; then
  command -v "$1" >/dev/null 2>&1 || {
    echo "compile.sh: CC is \"$CC\", and there is no $1; set CC to a compiler that is there, or unset it" >&2
    exit 1
  }
else
  for candidate in gcc clang cc; do
    if command -v "$candidate" >/dev/null 2>&1; then
      compiler=$candidate
      break
    fi
  done
fi
if [ -z "$compiler" ]; then
  echo "NOTE: no gcc or clang found: $(basename "$(dirname "$(dirname "$(dirname "$sources")")")") is built without its native" \
      "tiers and will compute in Java. Install a C compiler and build again for full speed."
  exit 0
fi

# The bits of docs/numerics.md: no contraction of a * b + c, none of what fast-math allows (its flags would also flush subnormals
# to zero). The same bytes wherever and whenever it is built: no build id, no paths.
flags="-std=gnu11 -O3 -fPIC -shared -fvisibility=hidden -ffp-contract=off -fno-fast-math -fno-strict-aliasing"
flags="$flags -Wall -Wextra -Werror=implicit-function-declaration -Wl,--build-id=none -Wl,-z,noexecstack -s"
flags="$flags -ffile-prefix-map=$sources=."

# probe FLAGS: C with an instruction of each unit that the sources give to the assembler as text: it may be older than the
# compiler, which does not look at that text.
probe() {
  echo 'int none;'
  for flag in $1; do
    case $flag in
      -mavxvnni) echo '__asm__("{vex} vpdpbusd %xmm0, %xmm0, %xmm0");' ;;
      -mavx512vnni) echo '__asm__("vpdpbusd %zmm0, %zmm0, %zmm0");' ;;
      -mamx-int8) echo '__asm__("tdpbssd %tmm2, %tmm1, %tmm0");' ;;
    esac
  done
}

# knows FLAGS: whether the compiler knows the flags, and its assembler the instructions.
knows() {
  # shellcheck disable=SC2086
  probe "$1" | $compiler -x c -c $1 -o /dev/null - 2>/dev/null
}

# compile TARGET LIBRARY SOURCES -- FLAGS: makes one library; what compilers do not know is no failure.
compile() {
  target=$1 library=$2 rest=$3
  mkdir -p "$(dirname "$target")"
  # Words of the compiler and of the line are meant to be split.
  # shellcheck disable=SC2086
  if ! (cd "$sources" && $compiler $flags ${rest#*--} -o "$target.part" ${rest%%--*} -lm); then
    rm -f "$target.part"
    if ! echo 'int none;' | $compiler -x c -c -o /dev/null -; then
      echo "compile.sh: $compiler cannot compile a line of C without any flags; see above, and mend it, or set CC to another" >&2
      return 1
    fi
    if ! knows "${rest#*--}"; then
      echo "NOTE: $compiler or its assembler does not know the flags of $library (${rest#*--}) or their instructions:" \
          "it is left out. Newer ones make it."
      rm -f "$target"
      return
    fi
    echo "compile.sh: $compiler could not compile $library; see above" >&2
    return 1
  fi
  mv "$target.part" "$target"
}

# usable FLAGS: whether this machine's processor has what the flags of a library ask for.
usable() {
  [ -r /proc/cpuinfo ] || return 0
  has=" $(sed -n 's/^flags[^:]*: *//p;T;q' /proc/cpuinfo) "
  for flag in $1; do
    case $flag in
      -mavxvnni) feature=avx_vnni ;;
      -mavx512vnni) feature=avx512_vnni ;;
      -mamx-tile) feature=amx_tile ;;
      -mamx-int8) feature=amx_int8 ;;
      -m*) feature=${flag#-m} ;;
      *) continue ;;
    esac
    case $has in *" $feature "*) ;; *) return 1 ;; esac
  done
}

# All libraries at once: they are few, and one alone would leave cores idle.
machine=$(uname -m)
running=
made=' '
while read -r processor library rest; do
  case $processor in
    ''|'#'*) continue ;;
    any|"$machine") ;;
    *) continue ;;
  esac
  target=$classes/$library
  folder=$(dirname "$library")
  if [ "${ALCOVE_TIERS:-all}" = own ]; then
    case $made in *" $folder "*) wanted=0 ;; *) if usable "${rest#*--}"; then wanted=1; else wanted=0; fi ;; esac
    if [ $wanted = 0 ]; then
      # One from before is as good as new, or gone.
      if [ -f "$target" ] && [ -n "$(find "$sources" "$0" -type f -newer "$target")" ]; then rm -f "$target"; fi
      continue
    fi
    # What will be left out does not take the place of the next best.
    case $rest in *-mamx-*) ;; *) if knows "${rest#*--}"; then made="$made$folder "; fi ;; esac
  fi
  if [ -f "$target" ] && [ -z "$(find "$sources" "$0" -type f -newer "$target")" ]; then
    continue
  fi
  compile "$target" "$library" "$rest" &
  running="$running $!"
done < "$list"

failed=0
for one in $running; do
  wait "$one" || failed=1
done
exit $failed
