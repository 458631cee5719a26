import type { OptionShape, ProgramShape, Values } from './shape.ts'

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`

const valueFlags = (values: Values): string => {
  switch (values.kind) {
    case 'none':
      return ''
    case 'file':
      return ' -r -F'
    case 'text':
      return ' -x'
    case 'one-of':
      return ` -x -a ${quoted(values.choices.join(' '))}`
  }
}

const optionLine = (command: string, condition: string, { flags, description, values }: OptionShape): string => {
  const names = flags.map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join('')
  return `complete -c ${command}${condition}${names} -d ${quoted(description)}${valueFlags(values)}`
}

const within = (name: string): string => ` -n ${quoted(`__fish_seen_subcommand_from ${name}`)}`

export const fishCompletion = ({ options, verbs }: ProgramShape): string => {
  const lines = [
    '# fish completion for dns-failover and dns-reconcile',
    'complete -c dns-failover -f',
    'complete -c dns-reconcile -f',
    ...options.map((option) => optionLine('dns-failover', " -n '__fish_use_subcommand'", option)),
    ...verbs.flatMap(({ name, description, options: own, argument }) => [
      `complete -c dns-failover -n '__fish_use_subcommand' -a ${name} -d ${quoted(description)}`,
      ...own.map((option) => optionLine('dns-failover', within(name), option)),
      ...(argument === undefined || argument.kind === 'text' ? [] : [`complete -c dns-failover${within(name)}${argument.kind === 'file' ? ' -F' : valueFlags(argument)}`]),
      ...(name === 'reconcile' ? own.map((option) => optionLine('dns-reconcile', '', option)) : []),
    ]),
  ]
  return `${lines.join('\n')}\n`
}
