import type { ApiClient } from '../api/client.ts'
import { didYouMean } from '../config/suggest.ts'
import { systemClock } from '../engine/clock.ts'
import type { SiteView } from '../engine/views.ts'
import { type Answer, answerOfApi, refusal } from './link/answer.ts'
import { openLink } from './link/open-link.ts'
import { renderProblems } from '../config/render-problems.ts'
import { printReconcile, type ReconcileEnding, reconcile, type ReconcileIo, type ReconcileOptions } from './reconcile.ts'
import { problemsOf, withoutSecrets } from './print-ending.ts'
import { exitCodeOf } from './reconcile-outcome.ts'
import type { SiteReport } from './render/json.ts'
import { serviceSiteReport } from './render/service-site-report.ts'

export interface ServiceReconcileOptions extends Omit<ReconcileOptions, 'config'> {
  readonly config?: string | undefined
  readonly url?: string | undefined
  readonly tokenFile?: string | undefined
}

const lookEveryMs = 250

/** Until the name servers were asked about what was written, or the time for it is over. */
const verified = async (client: ApiClient, view: SiteView, since: string, verifyMs: number, signal: AbortSignal): Promise<SiteView> => {
  const until = systemClock.now() + verifyMs
  let latest = view
  const isOpen = ({ sets, lastChange }: SiteView): boolean => {
    const names = lastChange?.changes.map(({ name, type }) => `${name} ${type}`) ?? []
    return sets.some(({ name, type, verification }) => names.includes(`${name} ${type}`) && (verification === null || Date.parse(verification.at) < Date.parse(since)))
  }
  while (isOpen(latest) && systemClock.now() < until && !signal.aborted) {
    await systemClock.sleep(lookEveryMs, signal)
    const answer = await client.site(view.site, signal)
    if (answer.kind === 'done') latest = answer.value
  }
  return latest
}

const reconcileSite = async (client: ApiClient, before: SiteView, { isDryRun, verifyMs }: ServiceReconcileOptions, signal: AbortSignal): Promise<Answer<SiteReport>> => {
  const answer = answerOfApi(await client.reconcile(before.site, { dryRun: isDryRun }, signal))
  if (answer.kind === 'refused') return answer
  const { site, changes: planned } = answer.value
  const written = site.lastChange !== null && site.lastChange.at !== before.lastChange?.at ? site.lastChange : null
  const after = written === null ? site : await verified(client, site, written.at, verifyMs, signal)
  return { kind: 'done', value: serviceSiteReport({ site: after, isDryRun, written: isDryRun ? null : written, planned }) }
}

const onAll = async (client: ApiClient, options: ServiceReconcileOptions, signal: AbortSignal): Promise<ReconcileEnding> => {
  const known = answerOfApi(await client.sites(signal))
  if (known.kind === 'refused') return { exitCode: known.exitCode, sites: [], error: known.error }
  const names = known.value.map(({ site }) => site)
  const unknown = options.sites.find((name) => !names.includes(name))
  if (unknown !== undefined) return { exitCode: 64, sites: [], error: refusal('usage', `there is no site ${JSON.stringify(unknown)}${didYouMean(unknown, names, 'there are')}`).error }
  const chosen = known.value.filter(({ site }) => options.sites.length === 0 || options.sites.includes(site))
  const answers = await Promise.all(chosen.map((view) => reconcileSite(client, view, options, signal)))
  const sites = answers.flatMap((answer) => (answer.kind === 'done' ? [answer.value] : []))
  const refused = answers.find((answer) => answer.kind === 'refused')
  if (refused !== undefined) return { exitCode: refused.exitCode, sites, error: refused.error }
  return { exitCode: exitCodeOf(sites.map(({ outcome }) => outcome)), sites }
}

/** Asks the service to reconcile, if one runs; otherwise it is done from here, under the lock. Returns the exit code. */
export const reconcileByService = async (options: ServiceReconcileOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const end = (ending: ReconcileEnding, redact: (text: string) => string = (text) => text): number => printReconcile(withoutSecrets(ending, redact), options, io)
  try {
    const { link, loaded, redact } = await openLink(options, env, signal)
    if (link.kind === 'none') return await reconcile({ ...options, config: link.loaded.file }, io, env, signal)
    if (loaded !== undefined) io.stderr(renderProblems(loaded, { color: io.color }))
    if (link.kind === 'failed') {
      const problems = problemsOf(loaded)
      return end({ exitCode: link.refused?.exitCode ?? 1, sites: [], ...(link.refused === undefined ? {} : { error: link.refused.error }), ...(problems === undefined ? {} : { problems: [...problems] }) })
    }
    try {
      return end(await onAll(link.client, options, signal), redact)
    } finally {
      await link.client.close()
    }
  } catch (error) {
    const { code, text } = signal.aborted ? { code: 'interrupted', text: 'ended before the service had answered; it goes on by itself' } : { code: 'internal', text: error instanceof Error ? error.message : String(error) }
    return end({ exitCode: 1, sites: [], error: refusal(code, text).error })
  }
}
