import { compress, leastBytes } from './compress.ts'

/** A value as it goes out. */
export interface JsonBody {
  readonly text: string
  /** Undefined: it could not be done. */
  compressed(): Promise<Buffer | undefined>
}

const bodyOf = (text: string): JsonBody => {
  let compressing: Promise<Buffer | undefined> | undefined
  return { text, compressed: () => (compressing ??= compress(text)) }
}

/**
 * A long one is made once for all whom the same value is told, which nobody alters: the overview of 1,000 sites takes some
 * milliseconds to write out, and those who waited for it together would hold up the checks for as many times as long.
 */
export const createJsonBodies = (): ((value: unknown) => JsonBody) => {
  const shared = new WeakMap<object, JsonBody>()
  return (value) => {
    if (typeof value !== 'object' || value === null) return bodyOf(JSON.stringify(value))
    const known = shared.get(value)
    if (known !== undefined) return known
    const made = bodyOf(JSON.stringify(value))
    if (made.text.length >= leastBytes) shared.set(value, made)
    return made
  }
}
