#!/bin/sh
# Puts what stands inside jars of others into a bill of materials: complete-bill.sh BILL PARTS
#
# No artifact tells of it, so PARTS, an array of components, is written by hand. Each names the jar that it is inside of, version
# and all; a test fails where another version is there.
set -eu

bill=$1
parts=$2
if [ ! -e "$bill" ]; then
  echo "NOTE: there is no $bill: Maven makes it only where it may reach the network (without -o)."
elif ! grep -q 'alcove:inside' "$bill"; then
  sed -e '1d' -e '$s/]/,/' "$parts" > "$bill.parts"
  sed -e "/^  \"components\" : \[\$/r $bill.parts" "$bill" > "$bill.new"
  rm "$bill.parts"
  if ! grep -q 'alcove:inside' "$bill.new"; then
    echo "complete-bill.sh: no line '  \"components\" : [' in $bill, after which the ones of $parts belong" >&2
    exit 1
  fi
  mv "$bill.new" "$bill"
fi
