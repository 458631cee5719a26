import { z } from 'zod'
import { ConfigInput } from './config-schema.ts'
import type { Path } from './problem.ts'

const child = (schema: z.core.$ZodType, key: string | number): z.core.$ZodType | undefined => {
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, key) ? (schema.shape as Record<string, z.core.$ZodType>)[key] : undefined
  if (schema instanceof z.ZodRecord) return schema.valueType
  return schema instanceof z.ZodArray ? schema.element : undefined
}

/** Without what wraps it; of alternatives the one that `value` chooses, or the one that takes a map. */
const unwrap = (schema: z.core.$ZodType | undefined, value: unknown): z.core.$ZodType | undefined => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodPrefault) return unwrap(schema.def.innerType, value)
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const type: unknown = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['type'] : undefined
    return schema.options.find((option) => option instanceof z.ZodObject && (option.shape['type'] as z.ZodLiteral | undefined)?.value === type)
  }
  return schema instanceof z.ZodUnion ? unwrap(schema.options.at(-1), value) : schema
}

/** The keys that the map at `path` may have; none if it is free in them or not a map. */
export const knownKeys = (path: Path, root: unknown): readonly string[] => {
  let schema = unwrap(ConfigInput, root)
  let value = root
  for (const part of path) {
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[part] : undefined
    schema = schema === undefined ? undefined : unwrap(child(schema, part), value)
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}
