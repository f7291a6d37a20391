# SPDX-License-Identifier: MIT
# Completion of devsh's command line in bash: options, scripts, and the calls
# behind -c, which devsh itself lists.

_devsh_words() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

# Directories and files that end in one of the patterns; dirs can go on.
_devsh_files() {
	local entry
	COMPREPLY=()
	compopt -o filenames 2>/dev/null
	while IFS= read -r entry; do
		if [[ -d $entry || $entry == *.dsh || $entry == *.lua ]]; then
			COMPREPLY+=("$entry")
		fi
	done < <(compgen -f -- "$1")
}

_devsh_calls() {
	"${1/#\~/$HOME}" -c help 2>/dev/null | sed -n 's/^  \([a-z_]\{1,\}\) .*/\1/p'
}

# The word in front of the cursor; "--color=al" comes as three words.
_devsh() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local run='' i

	if [[ $cur == '=' ]]; then
		cur=''
	elif [[ $prev == '=' ]]; then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	[[ ${COMP_WORDS[1]} == run ]] && run=1
	case $prev in
	--boot)
		compopt -o nospace 2>/dev/null
		_devsh_words 'release= arch= numa=fake= mem= seed= devres.log= slub_debug=' "$cur"
		return
		;;
	--color) _devsh_words 'auto always never' "$cur" && return ;;
	--leak-check) _devsh_words 'yes no error' "$cur" && return ;;
	--format) _devsh_words 'pretty tap junit' "$cur" && return ;;
	--filter | --seed | -e) return ;;
	-c)
		_devsh_words "$(_devsh_calls "${COMP_WORDS[0]}")" "${cur#[\"\']}"
		return
		;;
	esac
	# what stands behind a script belongs to the script
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ! $run && ${COMP_WORDS[i]} == *.@(dsh|lua) ]] && compopt -o default 2>/dev/null && return
	done
	if [[ $cur == -* ]]; then
		if [[ $run ]]; then
			_devsh_words '--format --filter --list --seed --boot --color --leak-check' "$cur"
		else
			_devsh_words '-c -e -i -k --keep-going --boot --json --color --leak-check --help --version' "$cur"
		fi
		return
	fi
	_devsh_files "$cur"
	if [[ $COMP_CWORD == 1 && run == "$cur"* ]]; then
		COMPREPLY+=(run)
	fi
}

complete -F _devsh devsh
