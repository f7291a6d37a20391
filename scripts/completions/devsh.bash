# SPDX-License-Identifier: MIT
# Completion in bash. The candidates are devsh's own: devsh --complete WORD...

_devsh() {
	local cur=${COMP_WORDS[COMP_CWORD]} before='' flags line candidate i
	local -a words=()

	# readline takes "--color=al" apart at the '='; devsh wants the whole word
	for ((i = 1; i <= COMP_CWORD; i++)); do
		if ((i > 1)) && [[ ${COMP_WORDS[i]} == '='* || ${COMP_WORDS[i - 1]} == *'=' ]]; then
			words[-1]+=${COMP_WORDS[i]}
		else
			words+=("${COMP_WORDS[i]}")
		fi
	done
	# an open quote stays in the line, before what is completed
	words[-1]=${words[-1]#[\"\']}
	[[ $cur == '=' ]] && cur=''
	before=${words[-1]%"${cur#[\"\']}"}

	COMPREPLY=()
	{
		IFS= read -r flags
		while IFS= read -r line; do
			candidate=${line%%$'\t'*}
			COMPREPLY+=("${candidate#"$before"}")
		done
	} < <("${COMP_WORDS[0]/#\~/$HOME}" --complete "${words[@]}" 2>/dev/null)

	case $flags in
	nospace) compopt -o nospace 2>/dev/null ;;
	files) compopt -o default 2>/dev/null ;;
	'files '*)
		compopt -o filenames 2>/dev/null
		while IFS= read -r line; do
			if [[ -d $line || " ${flags#files } " == *" .${line##*.} "* ]]; then
				COMPREPLY+=("$line")
			fi
		done < <(compgen -f -- "$cur")
		;;
	esac
}

complete -F _devsh devsh
