#!/bin/sh
# Copies settings into a distribution, but over none that somebody edited there: copy-settings.sh SOURCES TARGET WRITTEN
#
# WRITTEN is a folder that remembers what was copied last: a file of TARGET that is something else was edited, and stays.
set -eu

sources=$1
target=$2
written=$3
mkdir -p "$target" "$written"

for source in "$sources"/*; do
  name=${source##*/}
  if [ -e "$target/$name" ] && ! cmp -s "$target/$name" "$written/$name" && ! cmp -s "$target/$name" "$source"; then
    echo "NOTE: $target/$name was edited there, or is older than what builds remember, and stays as it is. What a build would" \
        "write is $source: delete the other and build again to have it."
    continue
  fi
  cmp -s "$source" "$target/$name" || cp "$source" "$target/$name"
  cmp -s "$source" "$written/$name" || cp "$source" "$written/$name"
done
