import type { TsigAlgorithm } from '../../../src/providers/rfc2136/tsig.ts'

export interface TestKey {
  readonly name: string
  readonly algorithm: TsigAlgorithm
  readonly secret: string
}

const secretOf = (text: string): string => Buffer.from(text.repeat(8).slice(0, 64)).toString('base64')

/** May change everything: the provider's. */
export const ddnsKey: TestKey = { name: 'ddns', algorithm: 'hmac-sha256', secret: secretOf('provider') }
/** The same rights with the other algorithms. */
export const sha384Key: TestKey = { name: 'ddns-384', algorithm: 'hmac-sha384', secret: secretOf('longer key') }
export const sha512Key: TestKey = { name: 'ddns-512.keys.example', algorithm: 'hmac-sha512', secret: secretOf('longest key') }
/** May change everything: the somebody else of the tests. */
export const editorKey: TestKey = { name: 'editor', algorithm: 'hmac-sha256', secret: secretOf('somebody else') }
/** Known to the server, and allowed nothing. */
export const strangerKey: TestKey = { name: 'stranger', algorithm: 'hmac-sha256', secret: secretOf('stranger') }

export const allKeys: readonly TestKey[] = [ddnsKey, sha384Key, sha512Key, editorKey, strangerKey]
export const writers: readonly TestKey[] = [ddnsKey, sha384Key, sha512Key, editorKey]
