import type { Operations } from '../engine/operations.ts'
import { unknownSite } from './outcome-answer.ts'
import { type Answer, problem } from './route.ts'

/** A site whose watch has yet to begin is no unknown one. */
export const noView = (operations: Operations, site: string): Answer =>
  operations.readiness().waiting.includes(site)
    ? problem({ status: 503, code: 'not-watched', detail: `the watch of site ${site} has yet to begin`, advice: 'ask again in a moment', headers: { 'retry-after': '1' } })
    : unknownSite(operations.siteNames())
