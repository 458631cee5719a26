import { configJsonSchema } from '../config/json-schema.ts'
import type { Io } from './io.ts'

/** Prints the config's JSON Schema; returns the exit code. */
export const printSchema = (io: Io): number => {
  io.stdout(`${JSON.stringify(configJsonSchema(), undefined, 2)}\n`)
  return 0
}
