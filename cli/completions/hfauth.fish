# SPDX-License-Identifier: Apache-2.0
#
# fish completion for hfauth. The words come from the program itself (`hfauth __complete-spec`, 2 ms), so they are those
# of the installed version.

# Sets hfauth_command to the command that the line holds so far ("cache ls" or "login"), and hfauth_group to the first word
# of one of two words whose second is still to come. The arguments are the names of all commands.
function __hfauth_read_line
    set -g hfauth_command
    set -g hfauth_group
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and continue
        test "$word" = auth; and continue
        if test -z "$hfauth_command"; and contains -- (string trim "$hfauth_group $word") $argv
            set hfauth_command (string trim "$hfauth_group $word")
            set hfauth_group
        else if contains -- "$hfauth_command" '' help; and string match -q -- "$word *" $argv
            set hfauth_group $word
        end
    end
end

function __hfauth_profiles
    command hfauth list --quiet 2>/dev/null
end

# What can stand where the cursor is, one a line, a text behind a tab.
function __hfauth_complete
    set -l lines (command hfauth __complete-spec 2>/dev/null)
    set -l names (string match -r '^command\t.*' $lines | string split -f2 \t)
    __hfauth_read_line $names
    set -l command $hfauth_command
    set -l group $hfauth_group
    set -l typed (commandline -ct)
    set -l previous (commandline -opc)[-1]

    # The value of an option: `--option value` or `--option=value`.
    set -l option $previous
    set -l before ''
    if string match -q -- '--*=*' $typed
        set option (string split -m1 = -- $typed)[1]
        set before "$option="
    end
    for line in $lines
        set -l fields (string split \t -- $line)
        test "$fields[1]" = option; or continue
        contains -- $fields[2] '*' $command; and contains -- $option $fields[3] $fields[4]; or continue
        switch $fields[5]
            case -
            case FILE
                __fish_complete_path $typed
                return
            case FOLDER
                __fish_complete_directories $typed ''
                return
            case NAME
                __hfauth_profiles
                return
            case '*'
                set -l value (string replace -- $before '' $typed)
                string match -q -- '*,*' $value; and set before $before(string replace -r -- '[^,]*$' '' $value)
                for known in $lines
                    set -l parts (string split \t -- $known)
                    test "$parts[1]" = words; and contains -- $parts[2] '*' $command; or continue
                    test "$parts[3]" = $fields[3]; and string split ' ' -- $parts[4] | string replace -r -- '^' $before
                end
                return
        end
    end

    for line in $lines
        set -l fields (string split \t -- $line)
        switch $fields[1]
            case command
                test -z "$command" -o "$command" = help; or continue
                if test -n "$group"
                    string match -q -- "$group *" $fields[2]; and printf '%s\t%s\n' (string split -m1 ' ' -- $fields[2])[2] $fields[3]
                else
                    printf '%s\t%s\n' (string split -m1 ' ' -- $fields[2])[1] $fields[3]
                end
            case option
                contains -- $fields[2] '*' $command; or continue
                string match -q -- '-*' $typed; or continue
                printf '%s\t%s\n' $fields[3] $fields[6]
                test $fields[4] = -; or printf '%s\t%s\n' $fields[4] $fields[6]
        end
    end
    switch $command
        case logout revoke switch
            __hfauth_profiles
        case '' help
        case '*'
            string match -q -- '-*' $typed; or __fish_complete_path $typed
    end
end

complete -c hfauth -f -a '(__hfauth_complete)'
