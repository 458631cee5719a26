import { familyOf, parseAddress, scopeOf } from '../core/address.ts'
import { type Fqdn, isWithin } from '../core/fqdn.ts'
import { buildSecret } from './build-secret.ts'
import type { CloudflareConfig, EmbeddedConfig, ProviderConfig, Rfc2136Config, StaticRRset } from './config.ts'
import type { NamedFiles } from './named-files.ts'
import { parseName } from './network-leaf.ts'
import { errorAt, errorAtKey, type Path, type Report, warningAt } from './problem.ts'
import { type ProviderInput, recordTypes } from './provider-schema.ts'

type Of<T extends ProviderInput['type']> = Extract<ProviderInput, { type: T }>

const checkData = (type: StaticRRset['type'], data: string, path: Path, report: Report): void => {
  if (type !== 'A' && type !== 'AAAA') return
  const address = parseAddress(data)
  const isRight = address !== undefined && (familyOf(address) === 'v4') === (type === 'A')
  if (!isRight) report(errorAt(path, `${JSON.stringify(data.slice(0, 60))} is not an ${type === 'A' ? 'IPv4' : 'IPv6'} address`, data))
}

const buildRecords = (input: Of<'embedded'>, path: Path, report: Report): readonly StaticRRset[] =>
  Object.entries(input.records ?? {}).flatMap(([key, sets]) => {
    const at = [...path, 'records', key]
    const name = parseName(key)
    if (!name.ok) {
      report(errorAtKey(at, name.message))
      return []
    }
    if (!isWithin(name.value, input.zone)) {
      report(errorAtKey(at, `${name.value} is not in this provider's zone ${input.zone}`))
      return []
    }
    return recordTypes.flatMap((type) => {
      const data = sets[type]
      if (data === undefined) return []
      for (const each of data) checkData(type, each, [...at, type], report)
      return [{ name: name.value, type, ttl: sets.ttl, data }]
    })
  })

const buildEmbedded = (input: Of<'embedded'>, path: Path, report: Report): EmbeddedConfig => ({
  type: 'embedded',
  listen: input.listen,
  zone: input.zone,
  records: buildRecords(input, path, report),
})

/** RFC 4648 section 4; at least the 16 bytes below which a MAC key is guessable. */
const checkBase64 = (text: string, path: Path, report: Report): void => {
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
  if (!isBase64) return report(errorAt(path, 'the key is not base64; take the "secret" of the key file as it is (tsig-keygen or keymgr print one)'))
  const bytes = Buffer.from(text, 'base64').length
  if (bytes < 16) report(warningAt(path, `the key is only ${bytes} bytes long; tsig-keygen makes one of 32`))
}

const buildRfc2136 = (input: Of<'rfc2136'>, path: Path, files: NamedFiles, report: Report): Rfc2136Config | undefined => {
  const { server, zone, tsig } = input
  if (tsig === undefined) {
    if (scopeOf(server.address) !== 'loopback') report(warningAt(path, 'updates are not signed; give the server and this provider a key ("tsig")'))
    return { type: 'rfc2136', server, zone, tsig: undefined }
  }
  const at = [...path, 'tsig']
  const secret = buildSecret({ path: at, key: 'secret', text: tsig.secret, file: tsig.secretFile }, files, report)
  if (secret === undefined) return undefined
  checkBase64(secret.reveal(), [...at, tsig.secret === undefined ? 'secretFile' : 'secret'], report)
  return { type: 'rfc2136', server, zone, tsig: { name: tsig.name, algorithm: tsig.algorithm, secret } }
}

const checkBaseUrl = (text: string, path: Path, report: Report): void => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  if (url === undefined || !isHttp) return report(errorAt(path, 'must be a URL such as https://api.cloudflare.com/client/v4'))
  if (url.username !== '' || url.password !== '') return report(errorAt(path, 'must not hold a user name or password'))
  const address = parseAddress(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  const isLocal = address !== undefined && scopeOf(address) === 'loopback'
  if (url.protocol === 'http:' && !isLocal) report(errorAt(path, 'must begin with https://, or the token would travel unprotected'))
}

const buildCloudflare = (input: Of<'cloudflare'>, path: Path, files: NamedFiles, report: Report): CloudflareConfig | undefined => {
  const { zoneId, baseUrl } = input
  if (zoneId !== undefined && !/^[0-9a-f]{32}$/.test(zoneId)) {
    report(errorAt([...path, 'zoneId'], 'must be 32 hexadecimal digits, as on the zone\'s overview page; or leave it out'))
  }
  if (baseUrl !== undefined) checkBaseUrl(baseUrl, [...path, 'baseUrl'], report)
  const apiToken = buildSecret({ path, key: 'apiToken', text: input.apiToken, file: input.apiTokenFile }, files, report)
  return apiToken === undefined ? undefined : { type: 'cloudflare', apiToken, zoneId, baseUrl }
}

/** One provider's config; undefined if something that it cannot do without is wrong, which has been reported. */
export const buildProvider = (input: ProviderInput, path: Path, files: NamedFiles, report: Report): ProviderConfig | undefined => {
  switch (input.type) {
    case 'embedded':
      return buildEmbedded(input, path, report)
    case 'rfc2136':
      return buildRfc2136(input, path, files, report)
    case 'cloudflare':
      return buildCloudflare(input, path, files, report)
  }
}

/** Seconds: the lowest TTL that each kind of provider takes, and why. */
export const ttlFloor: Readonly<Record<ProviderInput['type'], { readonly seconds: number; readonly why: string }>> = {
  embedded: { seconds: 1, why: '' },
  rfc2136: { seconds: 1, why: '' },
  cloudflare: { seconds: 60, why: '; 1 means "automatic" there, which is 300 seconds' },
}

export const zoneOfProvider = (input: ProviderInput): Fqdn | undefined => (input.type === 'cloudflare' ? undefined : input.zone)
