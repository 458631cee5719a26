import { distance } from 'fastest-levenshtein'

const telling = /token|secret|passw|passphrase|credential|authorization|cookie|signature|api-?_?key|private-?_?key/i
const exact = new Set(['key', 'keys', 'pass', 'pwd'])
const nearTo: readonly (readonly [word: string, far: number])[] = [['apitoken', 2], ['secret', 2], ['password', 2], ['token', 1]]

/**
 * Whether what stands under a key is likely a secret, misspelled keys included: an unknown key's line is
 * shown to people, and `apiTokn` holds a token all the same. Keys that name a file are not secret.
 */
export const isSecretKey = (key: string): boolean => {
  const plain = key.toLowerCase().slice(0, 60)
  if (/files?$/.test(plain)) return false
  return telling.test(plain) || exact.has(plain) || nearTo.some(([word, far]) => distance(plain, word) <= far)
}
