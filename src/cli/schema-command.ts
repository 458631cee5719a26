import { Command } from 'commander'
import type { Invocation } from './invocation.ts'

/** The verb that prints the config's JSON Schema, for editors. */
export const schemaCommand = (invocation: Invocation): Command =>
  new Command('schema').description("Print the config's JSON Schema, for editors.").action(async () => {
    const { printSchema } = await import('./schema.ts')
    invocation.setExitCode(printSchema(invocation.io({ color: false })))
  })
