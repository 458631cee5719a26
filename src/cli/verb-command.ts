import { Command } from 'commander'

/** The options that every verb on sites takes, as commander reads them. */
export interface ParsedVerb {
  readonly config: string
  readonly site?: readonly string[]
  readonly json?: true
  readonly color: boolean
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

/** A verb that works on the sites of a config; `site` adds the option that chooses some of them. */
export const verbCommand = (name: string, description: string, site: 'with --site' | 'without --site'): Command => {
  const command = new Command(name).description(description).requiredOption('-c, --config <file>', 'the config file')
  if (site === 'with --site') command.option('-s, --site <name>', 'only this site; may be given more than once', collect)
  return command.option('--json', 'print the result as JSON, errors too').option('--no-color', 'no colours, as if NO_COLOR were set')
}
