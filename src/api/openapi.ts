import { z } from 'zod'
import type { Need } from './access.ts'
import type { Route } from './route.ts'
import { answerSchemas } from './schemas/answer-schemas.ts'

type Json = Readonly<Record<string, unknown>>

const ref = (name: string): string => `#/components/schemas/${name}`

const withoutIds = ({ $schema: _schema, $id: _id, ...rest }: Json): Json => rest

const componentSchemas = (): Json => {
  const registry = z.registry<{ id?: string }>()
  for (const [id, schema] of Object.entries(answerSchemas)) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: ref })
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutIds(schema)]))
}

/** As it is written in a request: before defaults and transformations. */
const requestSchema = (schema: z.ZodType): Json => withoutIds(z.toJSONSchema(schema, { io: 'input' }))

const parametersOf = ({ path, query }: Route): readonly Json[] => {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  if (query === undefined) return inPath
  const { properties = {} } = requestSchema(query) as { properties?: Readonly<Record<string, Json>> }
  return [...inPath, ...Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))]
}

const bodyOf = ({ body, takes }: Route): Json => {
  if (takes === 'anything') return { requestBody: { required: true, content: { 'application/json': { schema: {} } } } }
  if (body === undefined) return {}
  const schema = requestSchema(body)
  return { requestBody: { required: Array.isArray(schema['required']), content: { 'application/json': { schema } } } }
}

const contentOf = ({ answers, otherContent }: Route): Json => {
  const json = Object.entries(answers).map(([status, name]) => [status, { description: name, content: { 'application/json': { schema: { $ref: ref(name) } } } }] as const)
  const other = Object.fromEntries(otherContent.map((type) => [type, { schema: type === 'application/json' ? { type: 'object' } : { type: 'string' } }]))
  const first = json.find(([status]) => status === '200')?.[1] ?? { description: 'As asked', content: {} }
  const whole = otherContent.length === 0 ? [] : [['200', { ...first, content: { ...first.content, ...other } }] as const]
  return Object.fromEntries([...json, ...whole])
}

const isFree = (need: Need): boolean => need === 'nothing' || need === 'anybody'

const securityOf = (need: Need): readonly Json[] => (isFree(need) ? [] : [{ bearer: [] }, ...(need === 'own' ? [{}] : [{ session: [] }]), ...(need === 'read' ? [{}] : [])])

const operationOf = (route: Route): Json => ({
  summary: route.summary,
  operationId: `${route.method.toLowerCase()}${route.path
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .map((part) => `${part.slice(0, 1).toUpperCase()}${part.slice(1)}`)
    .join('')}`,
  'x-scope': route.need === 'own' ? 'webhook:NAME' : isFree(route.need) ? null : route.need,
  security: securityOf(route.need),
  parameters: parametersOf(route),
  ...bodyOf(route),
  responses: {
    ...contentOf(route),
    default: { description: 'What went wrong, RFC 9457', content: { 'application/problem+json': { schema: { $ref: ref('Problem') } } } },
  },
})

/** OpenAPI 3.1, made from what the routes themselves go by. */
export const openApiDocument = (routes: readonly Route[]): Json => {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route)
  return {
    openapi: '3.1.1',
    info: { title: 'dns-failover', version: 'v1', description: 'Times are ISO 8601 in UTC. Fields may be added; none changes its meaning or goes within v1.' },
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of the config, under api.tokens, with the scope in x-scope.' },
        session: { type: 'apiKey', in: 'cookie', name: 'dns-failover-session', description: 'Of POST /api/v1/session. Whatever is no GET then needs the header X-Requested-With: dns-failover.' },
      },
    },
  }
}
