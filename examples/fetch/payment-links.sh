#!/bin/sh
# Prints the ids of all links of an account, one per line: sh payment-links.sh <URL of /graphql> <account id>
# Sends TOKEN from the environment as the caller's token. Fails if the gateway returns an error.
set -eu

url=$1
account=$2
after=null

while [ -n "$after" ]; do
  page=$(curl --silent --show-error --fail-with-body "$url" \
    --header 'content-type: application/json' \
    --header 'accept: application/graphql-response+json' \
    ${TOKEN:+--header "authorization: Bearer $TOKEN"} \
    --data '{
      "query": "query Ids($account: ID!, $after: String) { paymentLinks(accountId: $account, first: 100, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }",
      "variables": { "account": "'"$account"'", "after": '"$after"' }
    }') || { printf '%s\n' "$page" >&2; exit 1; }

  # An error under HTTP 200: the account does not exist, or the API behind the gateway failed.
  case $page in *'"errors":'*) printf '%s\n' "$page" >&2; exit 1 ;; esac

  printf '%s' "$page" | grep -o '"id":"[0-9]*"' | grep -o '[0-9]*' || true
  after=$(printf '%s' "$page" | sed -n 's/.*"hasNextPage":true,"endCursor":\("[^"]*"\).*/\1/p')
done
