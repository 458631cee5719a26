/** One thing that was looked at. */
export interface Finding {
  /** Null: it is not about one site. */
  readonly site: string | null
  readonly area: 'config' | 'state' | 'lock' | 'pause' | 'provider' | 'zone' | 'records' | 'ttl' | 'name servers' | 'wildcard' | 'region' | 'check' | 'reference' | 'clock'
  readonly status: 'ok' | 'warn' | 'fail'
  readonly text: string
  /** What to do about it. */
  readonly advice: string | null
}

type Said = (area: Finding['area'], text: string, advice?: string) => Finding

/** Makes the findings on one site, or on none. */
export const findingsOn = (site: string | null): Readonly<Record<Finding['status'], Said>> => {
  const of =
    (status: Finding['status']): Said =>
    (area, text, advice) => ({ site, area, status, text, advice: advice ?? null })
  return { ok: of('ok'), warn: of('warn'), fail: of('fail') }
}
