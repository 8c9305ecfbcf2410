# Completion of the shield command for fish. See: shield completion --help

function __shield_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string trim --left --chars "\"'")
    set -l shield (string replace --regex '^~/' "$HOME/" -- $words[1])
    set -e words[1]
    command --query $shield; or return
    for line in ($shield __complete -- $words "$current" 2>/dev/null </dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end

complete -c shield -f -a '(__shield_complete)'
