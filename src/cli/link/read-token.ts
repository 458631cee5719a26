import { readFile } from 'node:fs/promises'
import { Secret } from '../../config/secret.ts'

export type Token = { readonly kind: 'token'; readonly token: Secret | undefined } | { readonly kind: 'wrong'; readonly message: string }

/** What a header takes. */
const isToken = (text: string): boolean => /^[\x21-\x7e]{1,4096}$/.test(text)

/** From the file, or else from DNS_FAILOVER_TOKEN; never from the command line, which everybody on the machine can read. */
export const readToken = async (file: string | undefined, env: NodeJS.ProcessEnv): Promise<Token> => {
  const from = file === undefined ? 'DNS_FAILOVER_TOKEN' : `the token file ${file}`
  try {
    const text = (file === undefined ? (env['DNS_FAILOVER_TOKEN'] ?? '') : await readFile(file, 'utf8')).trim()
    if (text === '' && file === undefined) return { kind: 'token', token: undefined }
    return isToken(text) ? { kind: 'token', token: new Secret(text) } : { kind: 'wrong', message: `${from} holds no token: it must be one line of printable characters without spaces` }
  } catch (error) {
    return { kind: 'wrong', message: `cannot read ${from}: ${error instanceof Error ? error.message : String(error)}` }
  }
}
