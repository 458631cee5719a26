import { createHash } from 'node:crypto'
import { Secret } from '../config/secret.ts'

const plain = (value: unknown): unknown => {
  if (value instanceof Secret) return { secret: value.reveal() }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([key, each]) => [key, plain(each)])
  return value
}

/** The same for two parts of a config that say the same, secrets included, and different otherwise. Reveals nothing. */
export const fingerprint = (value: unknown): string => createHash('sha256').update(JSON.stringify(plain(value)) ?? '').digest('base64')
