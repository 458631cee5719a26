import { Command } from 'commander'
import type { Invocation } from './invocation.ts'

const helpText = `
Examples:
  $ dns-failover schema > dns-failover.schema.json
and as the first line of the config: # yaml-language-server: $schema=./dns-failover.schema.json

Exit codes: 0 fine, 64 wrong usage`

/** The verb that prints the config's JSON Schema, for editors. */
export const schemaCommand = (invocation: Invocation): Command =>
  new Command('schema').description("Print the config's JSON Schema, for editors.").addHelpText('after', helpText).action(async () => {
    const { printSchema } = await import('./schema.ts')
    invocation.setExitCode(printSchema(invocation.io({ color: false })))
  })
