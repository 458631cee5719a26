import { endpointText, parseEndpoint } from '../core/endpoint.ts'
import { scopeOf } from '../core/address.ts'
import { type ApiInput, defaultListen } from './api-schema.ts'
import { buildSecret } from './build-secret.ts'
import type { ApiConfig, ApiToken } from './config.ts'
import { checkEntryName } from './entry-name.ts'
import type { NamedFiles } from './named-files.ts'
import { errorAt, errorAtKey, type Path, type Report } from './problem.ts'
import { checkToken } from './secret-rules.ts'
import { didYouMean } from './suggest.ts'

const path: Path = ['api']

const buildToken = (name: string, input: ApiInput['tokens'][string], sources: readonly string[], files: NamedFiles, report: Report): ApiToken | undefined => {
  const at = [...path, 'tokens', name]
  checkEntryName('token', at, report)
  for (const [index, scope] of input.scopes.entries()) {
    const source = scope.startsWith('webhook:') ? scope.slice('webhook:'.length) : undefined
    if (source === undefined || sources.includes(source)) continue
    const end = sources.length === 0 ? '; there is none' : didYouMean(source, sources, 'there are')
    report(errorAt([...at, 'scopes', index], `there is no webhook "${source}"${end}`))
  }
  const token = buildSecret({ path: at, key: 'token', text: input.token, file: input.tokenFile }, files, report)
  if (token === undefined) return undefined
  checkToken(token, [...at, input.token === undefined ? 'tokenFile' : 'token'], report)
  return { name, token, scopes: input.scopes }
}

const checkOpenness = (input: ApiInput, listen: ApiConfig['listen'], report: Report): void => {
  if (listen === undefined || scopeOf(listen.address) === 'loopback') return
  if (input.open || Object.keys(input.tokens).length > 0) return
  report({
    ...errorAt([...path, 'listen'], `${endpointText(listen)} can be reached from other machines, and there is no token; add one under "tokens", or "open: true" to let everybody read`),
    restsOn: [...path, 'tokens'],
  })
}

/** `sources`: the names of all webhooks, those included whose config could not be read. */
export const buildApi = (input: ApiInput, sources: readonly string[], files: NamedFiles, report: Report): ApiConfig => {
  const listen = input.listen === 'off' ? undefined : (input.listen ?? parseEndpoint(defaultListen, 0))
  const tokens = Object.entries(input.tokens).map(([name, token]) => buildToken(name, token, sources, files, report))
  checkOpenness(input, listen, report)
  if (listen === undefined && sources.length > 0) {
    report({ ...errorAtKey(['webhooks'], 'no monitor can say anything: "api" does not listen'), severity: 'warning' })
  }
  return {
    listen,
    isListenExplicit: input.listen !== undefined,
    tokens: tokens.filter((token) => token !== undefined),
    isOpen: input.open,
    isDashboardOn: input.dashboard,
    requestsPerSecond: input.requestsPerSecond,
    trustedProxies: [...new Set(input.trustedProxies)],
  }
}
