# SPDX-License-Identifier: Apache-2.0
#
# bash completion for hfauth. The words come from the program itself (`hfauth __complete-spec`, 2 ms), so they are those
# of the installed version.
# shellcheck shell=bash

# Offers those of the words $1 that the part of $2 behind its last comma begins.
_hfauth_offer() {
  local done='' typed=$2
  [[ $typed != *,* ]] || done=${typed%,*}, typed=${typed##*,}
  mapfile -t COMPREPLY < <(compgen -P "$done" -W "$1" -- "$typed")
}

_hfauth() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local kind first second third fourth _ command='' group='' word value='' known='' words=''
  local spec
  spec=$(LC_ALL=C command hfauth __complete-spec 2>/dev/null) || return 0
  COMPREPLY=()

  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == -- && ($command == exec || $command == doctor) ]]; then
      declare -F _command_offset >/dev/null && _command_offset $((i + 1))
      return 0
    fi
    [[ $word == -* || $word == auth ]] && continue
    if [[ -z $command ]] && grep -q "^command	$group$word	" <<<"$spec"; then
      command=$group$word
    elif [[ (-z $command || $command == help) && -z $group ]] && grep -q "^command	$word " <<<"$spec"; then
      group="$word " # the first word of commands such as "cache ls"
    fi
  done

  while IFS=$'\t' read -r kind first second third fourth _; do
    case $kind in
      command)
        if [[ (-z $command || $command == help) && $first == "$group"* ]]; then
          word=${first#"$group"}
          words+=" ${word%% *}"
        fi
        ;;
      option)
        [[ $first == '*' || $first == "$command" ]] || continue
        words+=" $second"
        [[ $third == - ]] || words+=" $third"
        if [[ $previous == "$second" || $previous == "$third" ]]; then value=$fourth; fi
        ;;
      words)
        [[ ($first == '*' || $first == "$command") && $previous == "$second" ]] && known+=" $third"
        ;;
    esac
  done <<<"$spec"

  case $value in
    '' | -) ;;
    FOLDER) mapfile -t COMPREPLY < <(compgen -d -- "$current") && return 0 ;;
    FILE) mapfile -t COMPREPLY < <(compgen -f -- "$current") && return 0 ;;
    NAME) _hfauth_offer "$(command hfauth list --quiet 2>/dev/null)" "$current" && return 0 ;;
    *) _hfauth_offer "$known" "$current" && return 0 ;;
  esac
  case $command in
    logout | revoke | switch | 'route add') [[ $current == -* ]] || words+=" $(command hfauth list --quiet 2>/dev/null)" ;;
    git-credential) [[ $current == -* ]] || words+=' get store erase' ;;
    'store passphrase') [[ $current == -* ]] || words+=' set remove' ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -o default -F _hfauth hfauth
