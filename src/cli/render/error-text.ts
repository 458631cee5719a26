import { tookText } from './duration.ts'
import type { ErrorReport } from './json.ts'
import { printable } from './style.ts'

const obstacles: Readonly<Record<string, string>> = {
  cname: 'address records cannot stand beside a CNAME',
  delegation: 'the name belongs to another zone',
  'not-in-zone': "the name is in none of the provider's zones",
}

const advice = ({ code, outcome, obstacle, retryAfterMs }: ErrorReport): readonly string[] => {
  const whatIsKnown =
    outcome === 'unchanged' ? ['nothing was changed'] : outcome === 'unknown' ? ['the write may or may not have been made; the next run reads what is there before it decides'] : []
  const known = obstacle === null ? undefined : obstacles[obstacle]
  const byCode: Readonly<Record<string, string>> = {
    auth: "check the credentials in the config's provider entry",
    'rate-limited': retryAfterMs === null ? 'run again later' : `run again in ${tookText(retryAfterMs)}`,
    unavailable: 'run again later; the provider does not answer now',
    interrupted: 'run again',
    'lock-lost': 'run again once that has ended; the next run reads what is there before it decides',
    contended: 'make sure that nothing else writes these records, and run again',
  }
  return [...whatIsKnown, ...(known === undefined ? [] : [known]), ...(byCode[code] === undefined ? [] : [byCode[code]])]
}

/** What went wrong, what is known of the zone, and what to do; one line each. */
export const errorText = (error: ErrorReport): readonly string[] => [printable(error.message), ...advice(error)]
