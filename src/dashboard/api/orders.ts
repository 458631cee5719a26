import type { OrderView, PlanView, RepointView, SiteView } from '../../engine/views.ts'
import type { Answer } from './problem.ts'
import { sitePath } from './read.ts'
import { request } from './request.ts'

export interface Target {
  readonly site: string
  readonly region: string
}

const regionPath = ({ site, region }: Target): string => `${sitePath(site)}/regions/${encodeURIComponent(region)}`

const take = <T>(path: string, isDryRun: boolean): Promise<Answer<T>> => request(`${path}${isDryRun ? '?dryRun=true' : ''}`, { method: 'DELETE' })

export interface DrainOrder {
  readonly for: string
  readonly reason: string
  readonly force: boolean
}

export const drain = (target: Target, order: DrainOrder, dryRun: boolean): Promise<Answer<OrderView>> => request(`${regionPath(target)}/drain`, { method: 'POST', body: { ...order, dryRun } })

export const undrain = (target: Target, dryRun: boolean): Promise<Answer<OrderView>> => take(`${regionPath(target)}/drain`, dryRun)

export interface ForceOrder {
  readonly to: 'up' | 'down'
  readonly for: string
  readonly reason: string
}

export const force = (target: Target, order: ForceOrder, dryRun: boolean): Promise<Answer<OrderView>> => request(`${regionPath(target)}/force`, { method: 'POST', body: { ...order, dryRun } })

export const unforce = (target: Target, dryRun: boolean): Promise<Answer<OrderView>> => take(`${regionPath(target)}/force`, dryRun)

export interface RepointOrder {
  readonly addresses: readonly string[]
  readonly reason: string
  readonly keepOtherFamily: boolean
  readonly unchecked: boolean
}

export const repoint = (target: Target, order: RepointOrder, dryRun: boolean): Promise<Answer<RepointView>> => request(`${regionPath(target)}/repoint`, { method: 'POST', body: { ...order, dryRun } })

export const reconcile = (site: string, dryRun: boolean): Promise<Answer<PlanView>> => request(`${sitePath(site)}/reconcile`, { method: 'POST', body: { dryRun } })

export const pause = (site: string, order: { readonly for?: string; readonly reason: string }): Promise<Answer<SiteView>> => request(`${sitePath(site)}/pause`, { method: 'POST', body: order })

export const resume = (site: string): Promise<Answer<SiteView>> => request(`${sitePath(site)}/pause`, { method: 'DELETE' })
