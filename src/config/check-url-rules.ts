import { errorAt, type Path, type Report } from './problem.ts'
import { didYouMean, suggest } from './suggest.ts'

const placeholders = ['site', 'service']

const fill = (template: string): string => template.replaceAll(/\{(?:site|service)\}/g, 'placeholder.example')

/** What is wrong with a URL that stands in for `{site}` and `{service}`, once per fault. */
export const checkUrlTemplate = (template: string, path: Path, report: Report): void => {
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].filter(([, name = '']) => !placeholders.includes(name))
  for (const [match, name = ''] of unknown) {
    const near = suggest(name, placeholders)
    const end = near === undefined ? didYouMean(name, ['{site}', '{service}']) : `; did you mean "{${near}}"?`
    report(errorAt(path, `unknown placeholder "${match.slice(0, 40)}"${end}`, match))
  }
  if (unknown.length === 0) checkUrl(fill(template), path, report)
}

/** A URL that is asked as it stands: http or https, with a host, without user name, password or fragment. */
export const checkUrl = (text: string, path: Path, report: Report): void => {
  const scheme = /^(?<scheme>[a-z][a-z0-9+.-]*):/i.exec(text)?.groups?.['scheme']?.toLowerCase()
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return report(errorAt(path, `must be a URL that begins with http:// or https://${scheme === 'http' || scheme === 'https' ? ' and a host' : ''}`))
  }
  if (scheme !== 'http' && scheme !== 'https') return report(errorAt(path, `${scheme}:// cannot be asked; use http:// or https://`, `${scheme}:`))
  if (/^https?:\/\/(?:[/?#]|$)/i.test(text)) return report(errorAt(path, 'the URL has no host; write {site} for the main domain'))
  if (!URL.canParse(text)) return report(errorAt(path, 'the URL cannot be read; check its host and port'))
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') {
    report(errorAt(path, 'the URL must not hold a user name or password; put them under "headers" as authorization'))
  }
  if (url.port === '0') report(errorAt(path, 'port 0 cannot be asked; a port is 1 to 65535', ':0'))
  if (url.hash !== '') report(errorAt(path, 'the part after # is never sent; leave it out', '#'))
}
