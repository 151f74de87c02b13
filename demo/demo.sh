#!/usr/bin/env bash
# The whole job on an AWS inside this machine: plan, review, apply, outputs, a change, destroy.
# Works in a folder of its own and leaves nothing behind, no process either.
set -euo pipefail

work=$(mktemp -d "${TMPDIR:-/tmp}/landform-demo.XXXXXX")
cleanup() {
  landform sandbox stop --project "$work/shop" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

if [ -t 1 ]; then prompt=$'\e[1;36m$\e[0m' bold=$'\e[1m' plain=$'\e[0m'; else prompt='$' bold='' plain=''; fi

say() { printf '\n%s# %s%s\n' "$bold" "$1" "$plain"; }

# Runs a command as a person would type it; "changes present" (2) is a good end for a plan.
run() {
  printf '%s %s\n' "$prompt" "$*"
  local code=0
  "$@" || code=$?
  [ "$code" -eq 0 ] || { [ "$code" -eq 2 ] && [ "$2" = plan ]; } || exit "$code"
}

cd "$work"
say 'A project: a network and a web app, in dev, staging and prod.'
run landform new shop
cd shop

say 'The whole environment as one plan. No account: AWS runs inside this machine.'
run landform plan dev --sandbox

say 'Apply it: stacks in order, each proving that its plan is what was reviewed.'
run landform apply dev --sandbox --yes

say 'What came out.'
run landform output dev --sandbox --stack web

say 'Another address range. What does that do two stacks away?'
run sed -i.bak 's|10.10.0.0/16|10.99.0.0/16|' environments/dev/terraform.tfvars
run landform plan dev --sandbox

say 'Rather not. Take it all down, in reverse order.'
run mv environments/dev/terraform.tfvars.bak environments/dev/terraform.tfvars
run landform destroy dev --sandbox --yes
run landform status dev --sandbox
