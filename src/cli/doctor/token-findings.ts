import { type TokenStatus, tokenStatus } from '../../compose/token-status.ts'
import type { Config } from '../../config/config.ts'
import { spanText } from '../render/moment.ts'
import { type Finding, findingsOn } from './finding.ts'

const { ok, warn, fail } = findingsOn(null)

const soonMs = 14 * 86_400_000
const renew = 'make a new token (Zone:Read and DNS:Edit, for this zone alone), put it in its place and restart'

const expiryFinding = (name: string, expiresOn: string | undefined, wallNow: number): Finding => {
  if (expiresOn === undefined) return ok('provider', `the API token of ${name} is active, and does not expire`)
  const leftMs = Date.parse(expiresOn) - wallNow
  const text = `the API token of ${name} is active, and expires in ${spanText(leftMs)} (${expiresOn})`
  return leftMs < soonMs ? warn('provider', text, renew) : ok('provider', text)
}

const tokenFinding = (name: string, status: TokenStatus, wallNow: number): Finding => {
  switch (status.kind) {
    case 'active':
      return expiryFinding(name, status.expiresOn, wallNow)
    case 'refused':
      return fail('provider', `Cloudflare refuses the API token of ${name}: ${status.detail}`, renew)
    case 'unknown':
      return warn('provider', `when the API token of ${name} expires is not known: ${status.detail}`, "tokens of an account are shown in Cloudflare's dashboard only")
  }
}

/** Of each Cloudflare token: is it active, and when does it expire? */
export const tokenFindings = async (providers: Config['providers'], wallNow: number, signal: AbortSignal): Promise<readonly Finding[]> => {
  const tokens = Object.entries(providers).flatMap(([name, config]) => (config.type === 'cloudflare' ? [{ name, config }] : []))
  return Promise.all(tokens.map(async ({ name, config }) => tokenFinding(name, await tokenStatus(config, signal), wallNow)))
}
