#compdef shield
# Completion of the shield command for zsh. See: shield completion --help

_shield() {
  local shield=${(Q)words[1]} line
  local -a before lines described
  [[ $shield == '~/'* ]] && shield=$HOME/${shield#'~/'}
  before=("${(@Q)words[2,CURRENT-1]}")
  ((CURRENT == 2)) && before=()
  lines=("${(@f)$("$shield" __complete -- "${before[@]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  for line in "${lines[@]}"; do
    if [[ $line == :files ]]; then
      _files
      return
    fi
    # A colon divides a word from its description.
    [[ -n $line ]] && described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  ((${#described} > 0)) && _describe -t shield 'shield' described
}

if [[ ${funcstack[1]} == _shield ]]; then
  _shield "$@"
elif (($+functions[compdef])); then
  compdef _shield shield
fi
