#!/bin/sh
# Calls the running service and checks what it answers. Usage: smoke.sh http://host:port VERSION
set -eu

for attempt in 1 2 3 4 5 6 7 8 9 10; do
  wget -q -O /dev/null "$1/" && break
  echo "waiting for $1 (attempt $attempt)"
  sleep 1
done

answer=$(wget -q -O - "$1/cgi-bin/hello?name=Ada")
echo "$1 answered: $answer"

expected="{\"greeting\": \"Hello, Ada!\", \"version\": \"$2\"}"
if [ "$answer" != "$expected" ]; then
  echo "expected: $expected" >&2
  exit 1
fi
echo "ok"
