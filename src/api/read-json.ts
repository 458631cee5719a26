export type JsonRead = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly detail: string }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** JSON in UTF-8 (RFC 8259); nothing at all is an empty object. */
export const readJson = (bytes: Uint8Array): JsonRead => {
  if (bytes.length === 0) return { ok: true, value: {} }
  try {
    return { ok: true, value: JSON.parse(utf8.decode(bytes)) as unknown }
  } catch (error) {
    const what = error instanceof SyntaxError ? 'is no JSON' : 'is not UTF-8'
    return { ok: false, detail: `the body ${what}` }
  }
}

/** `application/json`, whatever its parameters. */
export const isJsonType = (contentType: string | undefined): boolean => /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '')
