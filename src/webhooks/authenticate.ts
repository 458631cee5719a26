import type { ReplayMemory } from './replay-memory.ts'
import { isSameText } from './same-text.ts'
import { readSignature, signatureFormat } from './signature.ts'
import type { Delivery, Hidden, Refusal, WebhookSource } from './webhook-source.ts'

export type Authentication = { readonly kind: 'authentic'; /** When it was signed, seconds since the epoch. */ readonly signedAt?: number; /** As it was taken. */ readonly signature?: string } | Refusal

/** How far the time of a signature may be off, either way. */
const windowSeconds = 300

const refused = (status: Refusal['status'], code: Refusal['code'], text: string): Refusal => ({ kind: 'refused', status, code, text })

const authentic: Authentication = { kind: 'authentic' }

const checkBearer = (token: Hidden | undefined, { headers, isBearerProven }: Delivery): Authentication => {
  if (isBearerProven) return authentic
  const given = /^Bearer +(?<token>\S+) *$/i.exec(headers['authorization'] ?? '')?.groups?.['token']
  if (given === undefined) return refused(401, 'bad-bearer', 'The header Authorization: Bearer TOKEN is missing.')
  return token !== undefined && isSameText(given, token.reveal()) ? authentic : refused(401, 'bad-bearer', 'The bearer token is not one for this source.')
}

const checkSignature = (source: WebhookSource, secret: Hidden, delivery: Delivery, nowMs: number, memory: ReplayMemory): Authentication => {
  const signed = readSignature(signatureFormat(source.type), secret.reveal(), delivery)
  if (signed.kind === 'unsigned') return refused(401, 'bad-signature', signed.text)
  if (!isSameText(signed.given, signed.right)) {
    return refused(401, 'bad-signature', 'The signature does not fit the timestamp and the body: the secrets differ, or something on the way changed the body.')
  }
  const now = Math.floor(nowMs / 1000)
  const offBy = now - signed.at
  if (Math.abs(offBy) > windowSeconds) {
    const where = offBy > 0 ? 'ago' : 'in the future'
    return refused(403, 'stale', `It was signed ${Math.abs(offBy)} s ${where}, more than ${windowSeconds} s: set the clocks right, or it is an old delivery sent again.`)
  }
  const taking = memory.take(source.name, signed.right, { madeAt: signed.at, until: signed.at + windowSeconds, now })
  switch (taking) {
    case 'new':
      return { kind: 'authentic', signedAt: signed.at, signature: signed.right }
    case 'replayed':
      return refused(409, 'replayed', 'This very delivery has been taken before: sign each one anew.')
    case 'too-old-to-tell':
      return refused(403, 'stale', 'It was signed before this program started, so nobody can tell whether it was taken before: sign it anew.')
    case 'full':
      return refused(429, 'too-many', `More signed deliveries within ${2 * windowSeconds} s than are remembered: send fewer.`)
  }
}

/**
 * Whether a delivery is from who it should be. A source with a secret must sign; with a token as well it must do both. What
 * has passed here once does not pass again if it is signed.
 */
export const authenticate = (source: WebhookSource, delivery: Delivery, nowMs: number, memory: ReplayMemory): Authentication => {
  const { token, secret } = source
  const bearer = secret === undefined || token !== undefined ? checkBearer(token, delivery) : authentic
  if (bearer.kind === 'refused' || secret === undefined) return bearer
  return checkSignature(source, secret, delivery, nowMs, memory)
}
