import type { Parsed } from './duration.ts'
import { leaf } from './leaf.ts'

const fail = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message })

/** A secret, or a URL that holds one. Never quotes what it was given. */
export const secretText = () =>
  leaf({ type: 'string' }, (raw): Parsed<string> => {
    if (typeof raw === 'string' && raw.trim() === raw && raw !== '') return { ok: true, value: raw }
    if (raw === '' || raw === null) return fail('is empty')
    if (typeof raw === 'number' || typeof raw === 'boolean') return fail('must be text: put it in quotes')
    return fail(typeof raw === 'string' ? 'begins or ends with white space' : 'must be text')
  })
