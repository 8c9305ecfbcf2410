# Completion of the shield command for bash, 3.2 or newer. See: shield completion --help

_shield() {
  # Bash divides words at ':' and '=', which route keys and options have inside: put together
  # again what no blank divides, and take only what is before the cursor.
  local rest=${COMP_LINE:0:COMP_POINT} words=() i word blank
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    blank=${rest%%[![:space:]]*}
    rest=${rest#"$blank"}
    ((i == COMP_CWORD)) && word=$rest
    rest=${rest#"$word"}
    if ((i == 0)) || [[ -n $blank || $i -eq 1 ]]; then
      words+=("$word")
    else
      words[${#words[@]} - 1]+=$word
    fi
  done

  local current=${words[${#words[@]} - 1]} quoted=
  [[ $current == [\"\']* ]] && quoted=${current:0:1}
  words=("${words[@]//[\"\'\\]/}")
  current=${words[${#words[@]} - 1]}

  # What stands before the last such character is not replaced, so no answer may repeat it.
  local kept= breaks=
  [[ $COMP_WORDBREAKS == *:* ]] && breaks+=:
  [[ $COMP_WORDBREAKS == *=* ]] && breaks+==
  [[ -z $quoted && -n $breaks ]] && kept=${current%"${current##*[$breaks]}"}

  local shield=$1
  [[ $shield == "~/"* ]] && shield=$HOME/${shield#"~/"}
  local values=() meanings=() value meaning width=0
  COMPREPLY=()
  while IFS=$'\t' read -r value meaning; do
    if [[ $value == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r value; do
        COMPREPLY+=("$value")
      done < <(compgen -f -- "${current#"$kept"}")
      return
    fi
    value=${value#"$kept"}
    [[ -z $quoted && $value == *[!a-zA-Z0-9_./:@%+,=-]* ]] && printf -v value %q "$value"
    values+=("$value")
    meanings+=("$meaning")
    ((${#value} > width)) && width=${#value}
  done < <("$shield" __complete -- "${words[@]:1}" 2>/dev/null </dev/null)

  # Where bash lists what can be typed (63, 33, 64) it can say what that means.
  for ((i = 0; i < ${#values[@]}; i++)); do
    value=${values[i]}
    if ((${#values[@]} > 1)) && [[ -n ${meanings[i]} && $COMP_TYPE =~ ^(63|33|64)$ ]]; then
      printf -v value '%-*s  (%s)' "$width" "$value" "${meanings[i]}"
      value=${value:0:${COLUMNS:-80}}
    fi
    COMPREPLY+=("$value")
  done
  # The name of a service is not all of a route key.
  [[ ${#values[@]} -eq 1 && ${values[0]} == *: ]] && compopt -o nospace 2>/dev/null
  return 0
}

complete -F _shield shield
