import { z } from 'zod'
import { ConfigInput } from './config-schema.ts'

/** The JSON Schema (draft 2020-12) of the config file as people write it, for editors. */
export const configJsonSchema = (): object => ({
  ...z.toJSONSchema(ConfigInput, { io: 'input', reused: 'inline' }),
  title: 'dns-failover configuration',
})
