#compdef devsh
# SPDX-License-Identifier: MIT
# Completion in zsh. The candidates are devsh's own: devsh --complete WORD...

_devsh() {
	local -a lines described suffixes
	local flags line word
	local -i result=1

	# quotes as far as they are typed
	word=${(Q)words[CURRENT]}
	[[ $word == [\"\']* ]] && word=${word[2,-1]}
	lines=("${(@f)$(${~words[1]} --complete "${(@Q)words[2,CURRENT-1]}" "$word" 2>/dev/null)}")
	flags=$lines[1]
	for line in "${(@)lines[2,-1]}"; do
		[[ -n $line ]] || continue
		if [[ $line == *$'\t'* ]]; then
			described+=("${line%%$'\t'*}:${line#*$'\t'}")
		elif [[ $flags == nospace ]]; then
			compadd -S '' -- "$line" && result=0
		else
			compadd -- "$line" && result=0
		fi
	done
	((${#described})) && _describe devsh described && result=0
	case $flags in
	files) _files && result=0 ;;
	'files '*)
		suffixes=(${=flags#files })
		_files -g "*(${(j:|:)suffixes})" && result=0
		;;
	esac
	return result
}

_devsh "$@"
