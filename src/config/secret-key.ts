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

/** Headers that carry no credentials. */
const plainHeader = /^(host|user-agent|accept.*|cache-control|connection|content-.*|origin|referer)$/i

/** What stands before a `${NAME}`: in a URL's userinfo, or behind a telling key of its query. */
const isInCredentials = (name: string, raw: string): boolean => {
  const at = [...raw.matchAll(/\$\{(\w+)/g)].filter((match) => match[1] === name).map(({ index }) => index)
  return at.some((start) => {
    const [before, after] = [raw.slice(0, start), raw.slice(start)]
    const isUserinfo = /:\/\/[^/?#@]*$/.test(before) && /^[^/?#]*@/.test(after)
    return isUserinfo || isSecretKey(/[?&]([^=&#]{1,60})=[^&#]*$/.exec(before)?.[1] ?? '')
  })
}

/**
 * Whether a variable stands where credentials stand, though not under a key that says so: in a header, in the credentials
 * of a URL; or is called so itself. Other variables are no secret: `${HEALTH_PATH}` may well be `health`.
 */
export const isSecretPlace = (name: string, raw: string, path: readonly (string | number)[]): boolean =>
  isSecretKey(name) || isInCredentials(name, raw) || (path.at(-2) === 'headers' && !plainHeader.test(String(path.at(-1))))
