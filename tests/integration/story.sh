#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The whole story on one machine, offline, against the Hub stand-in, each command printed as it runs and every step
# checked: a warning is explained, a token is stored once, every door serves it, a text is tokenized, all is taken back.
#   story.sh          as a test (ctest label integration)
#   story.sh --demo   the same for a reader (./dev demo)
# shellcheck source=stage.bash
. "$(dirname -- "${BASH_SOURCE[0]}")/stage.bash"
[ "${1:-}" != --demo ] || demo=yes

token=$(token_of alice)
mask='hf_****AAAA'
lease=$scratch/run/hfauth/lease/laptop/token
cat >"$scratch/warning.txt" <<'TEXT'
/usr/local/lib/python3.12/dist-packages/huggingface_hub/utils/_auth.py:94: UserWarning: 
The secret `HF_TOKEN` does not exist in your Colab secrets.
To authenticate with the Hugging Face Hub, create a token in your settings tab (https://huggingface.co/settings/tokens), set it as secret in your Google Colab and restart your session.
You will be able to reuse this secret in all of your notebooks.
Please note that authentication is recommended but still optional to access public models or datasets.
  warnings.warn(
TEXT
# shellcheck disable=SC2119
start_hub

step '1. A warning, explained'
run hfauth explain --lang en - <"$scratch/warning.txt"
expect_status 0
expect_out HFA701
expect_out 'limits you'
expect_out '0.26'
expect_out '1.8'
expect_out 'Notebook access'
expect_out 'login()'
expect_out '1.20'
run hfauth explain --lang ko - <"$scratch/warning.txt"
expect_status 0
expect_out HFA701
expect_out 'HF_TOKEN'
expect_out '보안 비밀'
expect_out '노트북 액세스'
expect_no 'limits you'

step '2. The doctor, before the login'
run hfauth doctor
expect_status 0
expect_out 'hfauth login'
expect_no ' error'

step '3. Log in, once'
printf '%s\n' "$token" >"$scratch/token.txt"
SHOWN_AS=' hfauth login --token-stdin < token.txt' run hfauth login --token-stdin <"$scratch/token.txt"
expect_status 0
expect_out 'Logged in as alice'
expect_out "$mask"
# shellcheck disable=SC2016
expect_err 'eval "$(hfauth env)"'
expect_no "$token"

step '4. Who, what, where'
run hfauth whoami
expect_status 0
expect_out 'user: alice'
run hfauth list
expect_status 0
expect_out laptop
expect_out "$mask"
run hfauth status
expect_status 0
expect_out vault
expect_out "$lease"
expect_no "$token"
HIDDEN=yes run hfauth token
expect_status 0
expect_exactly "$token"
expect_silence_on_err

step '5. Two doors: one program, and every shell'
run HUGGING_FACE_HUB_TOKEN=of-somebody-else hfauth exec -- python3 -c '
import os
token = os.environ["HF_TOKEN"]
print("the child sees", token[:3] + "****" + token[-4:])
print("other variables:", [name for name in os.environ if "TOKEN" in name and name != "HF_TOKEN"])'
expect_status 0
expect_out "the child sees $mask"
expect_out 'other variables: []'
# shellcheck disable=SC2016
run bash -c 'eval "$(hfauth env)"
env | cut -d= -f1 | grep -c "^HF_TOKEN$" || true
python3 -c "import os, pathlib; t = pathlib.Path(os.environ[\"HF_TOKEN_PATH\"]).read_text(); print(\"the lease holds\", t[:3] + \"****\" + t.strip()[-4:])"'
expect_status 0
expect_exactly "0
the lease holds $mask"
expect_that [ "$(tr -d '\n' <"$lease")" = "$token" ]
expect_that [ "$(stat -c %a "$lease")" = 600 ]

step '6. Tokens of a text, with the files of the Hub'
run hfauth tokenize -m microsoft/phi-4 'I am studying tokenization'
expect_status 0
expect_exactly "['I', 'Ġam', 'Ġstudying', 'Ġtoken', 'ization']"
expect_no 'arning'
cache=$scratch/home/.cache/huggingface/hub/models--microsoft--phi-4
expect_that test -s "$cache/refs/main"
expect_that test -L "$cache/snapshots/$(cat "$cache/refs/main")/tokenizer.json"

step '7. The doctor, healthy'
# shellcheck disable=SC2016
run bash -c 'eval "$(hfauth env)"; hfauth doctor'
expect_status 0
expect_out alice
expect_that [ "$(wc -l <"$out")" -le 8 ]

step '8. The same text without the Hub'
stop_hub
run HF_HUB_OFFLINE=1 hfauth tokenize -m microsoft/phi-4 'I am studying tokenization'
expect_status 0
expect_exactly "['I', 'Ġam', 'Ġstudying', 'Ġtoken', 'ization']"

step '9. Lock, log out'
expect_that test -e "$lease"
run hfauth lock
expect_status 0
expect_that test ! -e "$lease"
run hfauth token
expect_status 4
expect_err 'hfauth unlock'
run hfauth unlock
expect_status 0
run hfauth env
expect_status 0
expect_that test -e "$lease"
run hfauth logout
expect_status 0
expect_that test ! -e "$lease"
run hfauth token
expect_status 4
expect_err 'hfauth login'
expect_one_line_on_err

stage_end 'the story'
