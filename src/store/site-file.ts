import { createHash } from 'node:crypto'

/** The name of a site's file. Site names are domain names nearly always; anything else becomes safe, and short enough. */
export const siteFile = (site: string): string => {
  const encoded = encodeURIComponent(site).replaceAll('*', '%2A')
  const isSafe = encoded.length <= 200 && !encoded.startsWith('.')
  return `${isSafe ? encoded : `%${createHash('sha256').update(site).digest('hex')}`}.json`
}
