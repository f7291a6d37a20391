# SPDX-License-Identifier: MIT
# Completion in fish. The candidates are devsh's own: devsh --complete WORD...

function __devsh_complete
    set -l words (commandline -opc)
    # an open quote is not part of the word
    set -l word (commandline -ct | string replace -r '^["\']' '' | string collect)
    set -l lines ($words[1] --complete $words[2..-1] "$word" 2>/dev/null)
    set -l flags (string split ' ' -- "$lines[1]")

    test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    if test "$flags[1]" = files
        for path in (__fish_complete_path "$word" | string replace -r '\t.*' '')
            set -l suffix (string match -r '\.[^.]*$' -- "$path")
            if test (count $flags) -eq 1; or string match -q '*/' -- "$path"; or contains -- "$suffix" $flags
                echo $path
            end
        end
    end
end

complete -c devsh -f -a '(__devsh_complete)'
