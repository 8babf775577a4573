#!/usr/bin/env bash
# Brings the PublicAPI.Unshipped.txt of every library up to date with its public surface; read the diff before you commit it.
set -eu
cd "$(dirname "$0")/.."
for project in src/*/; do
    file="$project/PublicAPI.Unshipped.txt"
    log=$(dotnet build "$project" --nologo --no-incremental -p:TreatWarningsAsErrors=false 2>&1 | grep "${project%/}/[^/]*.csproj\]" || true)
    removed=$(sed -n "s/.*RS0017: Symbol '\(.*\)' is part of the declared API.*/\1/p" <<<"$log" | sort -u)
    added=$(sed -n "s/.*RS0016: Symbol '\(.*\)' is not part of the declared public API.*/\1/p" <<<"$log" | sort -u)
    { tail -n +2 "$file" | { [ -n "$removed" ] && grep -vxF -f <(printf '%s\n' "$removed") || { [ -z "$removed" ] && cat; }; } || true; printf '%s\n' "$added"; } \
        | sed '/^$/d' | LC_ALL=C sort -u > "$file.new"
    { echo '#nullable enable'; cat "$file.new"; } > "$file"
    rm "$file.new"
done
git diff --stat -- 'src/*/PublicAPI.Unshipped.txt'
