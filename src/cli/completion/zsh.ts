import type { OptionShape, ProgramShape, Values, VerbShape } from './shape.ts'

/** Within single quotes, in a specification of _arguments. */
const quoted = (text: string): string => text.replaceAll(/[[\]:\\]/g, String.raw`\$&`).replaceAll("'", String.raw`'\''`)

const action = (values: Values): string => {
  switch (values.kind) {
    case 'none':
      return ''
    case 'file':
      return ':file:_files'
    case 'one-of':
      return `:value:(${values.choices.join(' ')})`
    case 'text':
      return ':value: '
  }
}

const optionSpec = ({ flags, description, values }: OptionShape): string => {
  const what = `[${quoted(description)}]${action(values)}`
  return flags.length === 1 ? `'${flags[0] ?? ''}${what}'` : `'(${flags.join(' ')})'{${flags.join(',')}}'${what}'`
}

const verbBranch = ({ name, options, argument }: VerbShape): string => {
  const specs = [...options.map(optionSpec), ...(argument === undefined ? [] : [`'*${action(argument)}'`])]
  return `    ${name}) _arguments -s ${specs.join(' ')} ;;`
}

/** To be sourced, or put on the fpath as `_dns-failover`. */
export const zshCompletion = (program: ProgramShape): string => `#compdef dns-failover dns-reconcile
_dns_failover() {
  local verb
  if [[ $service == dns-reconcile ]]; then
    verb=reconcile
  elif (( CURRENT == 2 )); then
    local -a verbs
    verbs=(${program.verbs.map(({ name, description }) => `'${name}:${quoted(description)}'`).join(' ')})
    _describe 'verb' verbs
    _arguments -s ${program.options.map(optionSpec).join(' ')}
    return
  else
    verb=$words[2]
    shift words
    (( CURRENT-- ))
  fi
  case $verb in
${program.verbs.map(verbBranch).join('\n')}
  esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _dns_failover "$@"
else
  compdef _dns_failover dns-failover dns-reconcile
fi
`
