#!/usr/bin/env bash
# What a provider's backend does, with curl: push, rotate with a grace, revoke.
# FYVAULT_URL: https://vault.example.com/api/v1; FYVAULT_ORG, FYVAULT_PROVIDER, FYVAULT_TOKEN: from the registration.
set -euo pipefail

provider="$FYVAULT_URL/orgs/$FYVAULT_ORG/providers/$FYVAULT_PROVIDER"

# The token and the value go in by standard input: arguments can be seen by every user of the machine.
call() {
  local method=$1 path=$2 body=$3
  curl --silent --show-error --fail-with-body --config - <<CONFIG
request = "$method"
url = "$provider$path"
header = "Authorization: Bearer $FYVAULT_TOKEN"
header = "Content-Type: application/json"
header = "Idempotency-Key: ${4:-}"
data = "${body//\"/\\\"}"
CONFIG
  echo
}

call POST /push '{"secret_name":"MAIL_KEY","value":"re_live_1","environment":"production","provider_version":1}' "push-1-$$"
call PATCH "" '{"secret_name":"MAIL_KEY","value":"re_live_2","provider_version":2,"gracePeriodSeconds":3600}' "rotate-2-$$"
call DELETE "" '{"secret_name":"MAIL_KEY"}' "revoke-$$"
