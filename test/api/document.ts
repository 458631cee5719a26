import { z } from 'zod'
import { openApiDocument } from '../../src/api/openapi.ts'
import { withOpenApi } from '../../src/api/routes/openapi-route.ts'
import { routes } from '../../src/api/routes/routes.ts'

interface Media {
  readonly schema: Readonly<Record<string, unknown>>
}

export interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string; readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, Media>> }>> }>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

export const allRoutes = withOpenApi(routes)

export const document = openApiDocument(allRoutes) as unknown as Document

/** With references as zod reads them, and no field that the document does not know. */
const strict = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(strict)
  if (typeof node !== 'object' || node === null) return node
  const entries = Object.entries(node).map(([key, value]) => [key, key === '$ref' ? String(value).replace('#/components/schemas/', '#/$defs/') : strict(value)])
  return { ...Object.fromEntries(entries), ...('properties' in node ? { additionalProperties: false } : {}) }
}

const definitions = strict(document.components.schemas) as Record<string, unknown>

const read = new Map<unknown, z.ZodType>()

/** The schema of a part of the document. */
const schemaOf = (media: Media): z.ZodType => {
  const known = read.get(media)
  if (known !== undefined) return known
  const schema = z.fromJSONSchema({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...(strict(media.schema) as object), $defs: definitions } as Parameters<typeof z.fromJSONSchema>[0])
  read.set(media, schema)
  return schema
}

/** What does not fit the document in an answer; empty: all does. */
export const misfits = (method: string, path: string, status: number, contentType: string, body: string): readonly string[] => {
  const operation = document.paths[path]?.[method.toLowerCase()]
  const response = operation?.responses[String(status)] ?? operation?.responses['default']
  const media = response?.content[contentType.replace(/;.*/, '')]
  if (media === undefined) return [`${method} ${path} ${status} ${contentType} is not in the document`]
  if (!contentType.includes('json')) return []
  const parsed = schemaOf(media).safeParse(JSON.parse(body))
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
}
