import type { OptionShape, ProgramShape, Values } from './shape.ts'

const flagsOf = (options: readonly OptionShape[]): string => options.flatMap(({ flags }) => flags).join(' ')

const candidates = (values: Values): string => {
  switch (values.kind) {
    case 'file':
      return '__dns_failover_files'
    case 'one-of':
      return `COMPREPLY=($(compgen -W '${values.choices.join(' ')}' -- "$cur"))`
    case 'none':
    case 'text':
      return ':'
  }
}

/** One branch for each option that takes a value; an option is called the same in every verb. */
const valueBranches = ({ verbs }: ProgramShape): readonly string[] => {
  const all = new Map(verbs.flatMap(({ options }) => options.filter(({ values }) => values.kind !== 'none').map((option) => [option.flags.join('|'), option.values] as const)))
  return [...all].map(([flags, values]) => `    ${flags}) ${candidates(values)}; return ;;`)
}

/** Bash 3.2 and later. */
export const bashCompletion = (program: ProgramShape): string => `# bash completion for dns-failover and dns-reconcile
__dns_failover_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$cur"))
}

_dns_failover() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb= at
  COMPREPLY=()
  if [[ \${COMP_WORDS[0]##*/} == dns-reconcile ]]; then
    verb=reconcile
  else
    for ((at = 1; at < COMP_CWORD; at++)); do
      case \${COMP_WORDS[at]} in
        ${program.verbs.map(({ name }) => name).join('|')}) verb=\${COMP_WORDS[at]}; break ;;
      esac
    done
  fi
  case $prev in
${valueBranches(program).join('\n')}
  esac
  case $verb in
    '') COMPREPLY=($(compgen -W '${program.verbs.map(({ name }) => name).join(' ')} ${flagsOf(program.options)}' -- "$cur")) ;;
${program.verbs
  .map(({ name, options, argument }) => {
    const words = `COMPREPLY=($(compgen -W '${flagsOf(options)}' -- "$cur"))`
    return argument === undefined ? `    ${name}) ${words} ;;` : `    ${name}) if [[ $cur == -* ]]; then ${words}; else ${candidates(argument)}; fi ;;`
  })
  .join('\n')}
  esac
}

complete -F _dns_failover dns-failover dns-reconcile
`
