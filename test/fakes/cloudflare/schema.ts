import { readFileSync } from 'node:fs'
import { isIPv4, isIPv6 } from 'node:net'

/** What of JSON Schema the document uses. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
}

export interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } }
  readonly responses: { readonly '200': { readonly content: { readonly 'application/json': { readonly schema: Schema } } } }
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** Cloudflare's published description of the calls. */
export const document = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')) as Document

const resolved = (schema: Schema): Schema => {
  if (schema.$ref === undefined) return schema
  const target = document.components.schemas[schema.$ref.split('/').at(-1) ?? '']
  if (target === undefined) throw new Error(`the document has no ${schema.$ref}`)
  return resolved(target)
}

const typeOf = (value: unknown): unknown => (typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined)

/** All that `allOf` and the fitting one of `oneOf` (by the record's type) say; undefined if none fits. */
const partsOf = (schema: Schema, value: unknown): readonly Schema[] | undefined => {
  const { allOf, oneOf, ...own } = resolved(schema)
  const every = (allOf ?? []).map((each) => partsOf(each, value))
  const fitting = oneOf === undefined ? [] : [oneOf.map((each) => partsOf(each, value)).find((parts) => parts?.some((part) => resolved(part.properties?.['type'] ?? {}).enum?.includes(typeOf(value)) === true))]
  const all = [...every, ...fitting]
  return all.some((parts) => parts === undefined) ? undefined : [own, ...all.flatMap((parts) => parts ?? [])]
}

const isOfType = (type: string | undefined, value: unknown): boolean => {
  switch (type) {
    case undefined:
      return true
    case 'integer':
      return Number.isInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    default:
      return typeof value === type
  }
}

const scalarProblems = (schema: Schema, value: unknown, at: string): readonly string[] => {
  if (schema.nullable === true && value === null) return []
  if (!isOfType(schema.type, value)) return [`${at} is not of type ${schema.type}`]
  const problems: string[] = []
  const check = (isRight: boolean, text: string): void => {
    if (!isRight) problems.push(`${at} ${text}`)
  }
  check(schema.enum?.includes(value) !== false, 'is none of the allowed values')
  if (typeof value === 'number') check(value >= (schema.minimum ?? value) && value <= (schema.maximum ?? value), 'is out of bounds')
  if (typeof value === 'string') {
    check(value.length >= (schema.minLength ?? 0) && value.length <= (schema.maxLength ?? Infinity), 'is too short or too long')
    check(schema.pattern === undefined || new RegExp(schema.pattern).test(value), 'is of another form')
    check(schema.format !== 'ipv4' || isIPv4(value), 'is no IPv4 address')
    check(schema.format !== 'ipv6' || isIPv6(value), 'is no IPv6 address')
  }
  return problems
}

/**
 * All that is wrong with a value by the document, fields that the document does not have included (where it names any).
 */
export const problemsOf = (schema: Schema, value: unknown, at = 'body'): readonly string[] => {
  const parts = partsOf(schema, value)
  if (parts === undefined) return [`${at} fits none of the kinds that are allowed`]
  const alternatives = parts.flatMap((part) => (part.anyOf === undefined ? [] : [part.anyOf]))
  const own = [
    ...parts.flatMap((part) => scalarProblems(part, value, at)),
    ...alternatives.flatMap((anyOf) => (anyOf.some((each) => problemsOf(each, value, at).length === 0) ? [] : [`${at} fits none of the alternatives`])),
  ]
  if (Array.isArray(value)) {
    return [...own, ...value.flatMap((item, index) => parts.flatMap((part) => (part.items === undefined ? [] : problemsOf(part.items, item, `${at}[${index}]`))))]
  }
  if (typeof value !== 'object' || value === null) return own
  const properties = parts.flatMap((part) => (part.properties === undefined ? [] : [part.properties]))
  const missing = parts.flatMap((part) => part.required ?? []).filter((key) => !(key in value))
  const fields = Object.entries(value).flatMap(([key, field]) => {
    const schemas = properties.flatMap((each) => each[key] ?? [])
    if (schemas.length === 0) return properties.length === 0 ? [] : [`${at}.${key} is not a field`]
    return schemas.flatMap((each) => problemsOf(each, field, `${at}.${key}`))
  })
  return [...own, ...missing.map((key) => `${at}.${key} is missing`), ...fields]
}
