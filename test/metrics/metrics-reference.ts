/** What a render says of one metric. */
export interface Described {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly labels: readonly string[]
}

const escaped = (text: string): string => text.replaceAll('|', String.raw`\|`)

/** Every metric of a render, with the labels that its series have there. */
export const describedIn = (body: string): readonly Described[] =>
  [...body.matchAll(/^# HELP (?<name>\S+) (?<help>.*)\n# TYPE \S+ (?<type>\S+)\n(?<samples>(?:[^#\n].*\n)*)/gm)].map(({ groups = {} }) => {
    const { name = '', help = '', type = '', samples = '' } = groups
    const labels = [...samples.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label)
    return { name, type, help, labels: [...new Set(labels)].filter((label) => label !== 'le') }
  })

/** The metrics as a table for the README: our own; what the library tells of the process goes by Prometheus' usual names. */
export const metricsReference = (body: string): string => {
  const rows = describedIn(body)
    .filter(({ name }) => name.startsWith('dns_failover_'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, type, help, labels }) => `| \`${name}\` | ${type} | ${labels.join(', ')} | ${escaped(help)} |`)
  return ['| metric | type | labels | what it says |', '|---|---|---|---|', ...rows, ''].join('\n')
}
