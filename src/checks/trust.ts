import { X509Certificate } from 'node:crypto'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'

/** Which roots a check trusts, parsed once. */
export interface Trust {
  /** Node's roots, and those of the PEM text if given. @throws Error if the text holds no certificate OpenSSL can read. */
  contextFor(ca: string | undefined): SecureContext
}

/** Reading Node's roots again for a context with a CA of its own takes tens of milliseconds: far too much per check. */
const kept = 64

export const createTrust = (): Trust => {
  const contexts = new Map<string | undefined, SecureContext>()
  return {
    contextFor: (ca) => {
      const known = contexts.get(ca)
      if (known !== undefined) return known
      // A context passes over text without any certificate in it, and would then trust less than was asked for.
      if (ca !== undefined) void new X509Certificate(ca)
      const context = createSecureContext(ca === undefined ? {} : { ca: [...rootCertificates, ca] })
      const oldest = contexts.keys().next()
      if (contexts.size >= kept && oldest.done !== true) contexts.delete(oldest.value)
      contexts.set(ca, context)
      return context
    },
  }
}
