import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

/** A certificate and its key, made on the spot: nothing on disk goes stale. */
export interface Issued {
  readonly cert: string
  readonly key: string
}

export interface Validity {
  readonly from: Date
  readonly to: Date
}

/** DER, ITU-T X.690: a tag, a length, and what is inside. */
const der = (tag: number, ...inside: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(inside)
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const hex = (text: string): Buffer => Buffer.from(text, 'hex')
const sequence = (...inside: readonly Buffer[]): Buffer => der(0x30, ...inside)
const oid = (text: string): Buffer => der(0x06, hex(text))
const commonName = (name: string): Buffer => sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))))
const time = (date: Date): Buffer => der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`))
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))

const ipBytes = (address: string): Buffer =>
  address.includes(':') ? Buffer.from([...Array<number>(15).fill(0), 1]) : Buffer.from(address.split('.').map(Number))
const altName = (name: string): Buffer => (isIP(name) ? der(0x87, ipBytes(name)) : der(0x82, Buffer.from(name)))

const extensions = (names: readonly string[]): Buffer => {
  const isCa = names.length === 0
  const kind = isCa
    ? sequence(oid('551d13'), der(0x01, hex('ff')), der(0x04, sequence(der(0x01, hex('ff')))))
    : sequence(oid('551d11'), der(0x04, sequence(...names.map(altName))))
  return der(0xa3, sequence(kind))
}

const pem = (bytes: Buffer): string =>
  ['-----BEGIN CERTIFICATE-----', ...(bytes.toString('base64').match(/.{1,64}/g) ?? []), '-----END CERTIFICATE-----', ''].join('\n')

const day = 86_400_000
const soundDates = (): Validity => ({ from: new Date(Date.now() - day), to: new Date(Date.now() + 90 * day + day / 2) })

interface Signer {
  readonly name: string
  readonly key: KeyObject
}

const issue = (subject: string, names: readonly string[], signer: Signer | undefined, validity: Validity): Issued => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const by = signer ?? { name: subject, key: pair.privateKey }
  const body = sequence(
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, Buffer.concat([hex('01'), randomBytes(8)])),
    ecdsaWithSha256,
    commonName(by.name),
    sequence(time(validity.from), time(validity.to)),
    commonName(subject),
    pair.publicKey.export({ type: 'spki', format: 'der' }),
    extensions(names),
  )
  const signature = sign('sha256', body, by.key)
  return {
    cert: pem(sequence(body, ecdsaWithSha256, der(0x03, hex('00'), signature))),
    key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** A root of our own, and what it signs. IP names: IPv4, or `::1`. */
export const createAuthority = (): {
  readonly ca: string
  issue(names: readonly string[], validity?: Validity): Issued
} => {
  const name = 'dns-failover test root'
  const root = issue(name, [], undefined, soundDates())
  const signer = { name, key: createPrivateKey(root.key) }
  return { ca: root.cert, issue: (names, validity = soundDates()) => issue('a region', names, signer, validity) }
}

/** Signed by nobody else. */
export const selfSigned = (names: readonly string[]): Issued => issue('a region', names, undefined, soundDates())
