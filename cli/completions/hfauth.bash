# SPDX-License-Identifier: Apache-2.0
#
# bash completion for hfauth. The words come from the program itself (`hfauth __complete-spec`, 2 ms), so they are those
# of the installed version; only the values of some options are known here.
# shellcheck shell=bash

# Words that may stand for a value name of the specification, and of which command.
_hfauth_values() {
  case $1 in
    FORMAT)
      echo 'auto human agent json quiet'
      [[ $2 != doctor ]] || echo 'sarif junit markdown github'
      ;;
    WHEN) echo 'auto always never' ;;
    LANG) echo 'en ko' ;;
    DOOR) echo 'env file' ;;
    SHELL) echo 'sh fish csh' ;;
    TYPE) echo 'model dataset space kernel' ;;
    KEY) echo 'accessed modified name size' ;;
    PLACES) echo 'variables token stored_tokens git netrc' ;;
    FORM) echo 'stored-tokens env json' ;;
    PRESET) echo 'read gated write inference' ;;
    LEVEL) echo 'error warning never' ;;
    NAME) command hfauth list --quiet 2>/dev/null ;;
  esac
}

_hfauth() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local kind first second third fourth _ command='' group='' word value='' words=''
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
    esac
  done <<<"$spec"

  case $value in
    '' | -) ;;
    FOLDER) mapfile -t COMPREPLY < <(compgen -d -- "$current") && return 0 ;;
    FILE) mapfile -t COMPREPLY < <(compgen -f -- "$current") && return 0 ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$(_hfauth_values "$value" "$command")" -- "$current") && return 0 ;;
  esac
  case $command in
    logout | revoke | switch) [[ $current == -* ]] || words+=" $(_hfauth_values NAME '')" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}

complete -o default -F _hfauth hfauth
