import { ApiFailure } from './failure.ts'
import type { CallKind } from './fault.ts'
import { document, type Operation, problemsOf } from './schema.ts'

export interface Route {
  readonly kind: CallKind
  /** As in the document. */
  readonly path: string
  readonly operation: Operation
  readonly parameters: Readonly<Record<string, string>>
}

const kinds: Readonly<Record<string, CallKind>> = {
  'get /zones': 'zones',
  'get /zones/{zone_id}': 'zone',
  'get /zones/{zone_id}/dns_records': 'list',
  'post /zones/{zone_id}/dns_records/batch': 'batch',
}

const matched = (template: string, path: string): Readonly<Record<string, string>> | undefined => {
  const [wanted, given] = [template.split('/'), path.split('/')]
  const isSame = wanted.length === given.length && wanted.every((part, at) => part.startsWith('{') || part === given[at])
  return isSame ? Object.fromEntries(wanted.flatMap((part, at) => (part.startsWith('{') ? [[part.slice(1, -1), given[at] ?? '']] : []))) : undefined
}

/** The call that a method and path stand for. @throws ApiFailure */
export const routeOf = (method: string, path: string): Route => {
  const templates = Object.keys(document.paths).toSorted((a, b) => a.split('{').length - b.split('{').length)
  for (const template of templates) {
    const parameters = matched(template, path)
    const operations = document.paths[template]
    if (parameters === undefined || operations === undefined) continue
    const operation = operations[method.toLowerCase()]
    if (operation === undefined) throw new ApiFailure(405, 7001, `Method ${method} not available for that URI.`)
    return { kind: kinds[`${method.toLowerCase()} ${template}`] ?? 'other', path: template, operation, parameters }
  }
  throw new ApiFailure(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`)
}

/** Refuses query fields that the document does not have, and values that it does not allow. @throws ApiFailure */
export const checkQuery = ({ operation }: Route, query: URLSearchParams): void => {
  for (const [name, value] of query) {
    const parameter = operation.parameters?.find((each) => each.in === 'query' && each.name === name)
    if (parameter === undefined) throw new ApiFailure(400, 9207, `${name} is not a field of the query`)
    const problems = problemsOf(parameter.schema, /^\d+$/.test(value) && name !== 'name' ? Number(value) : value, name)
    if (problems.length > 0) throw new ApiFailure(400, 9207, problems.join('; '))
  }
}
