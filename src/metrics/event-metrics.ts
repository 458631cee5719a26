import { Histogram, type Registry } from 'prom-client'
import type { EngineEvent } from '../engine/events.ts'
import { answerBuckets, failoverBuckets } from './buckets.ts'
import { failoverTimes, type Falls } from './failover-times.ts'
import { createPassLabels } from './pass-labels.ts'
import type { SiteSeries } from './site-series.ts'

export interface EventMetrics {
  event(event: EngineEvent): void
  forget(site: string): void
}

/** Outcomes of a cycle in which the records were read and nothing that was to be done went wrong. */
const goodOutcomes = new Set(['steady', 'planned', 'applied', 'refused'])

/** What single events add up to. */
export const createEventMetrics = (registry: Registry, series: SiteSeries, now: () => number, wallNow: () => number): EventMetrics => {
  const checks = series.counter({ name: 'dns_failover_checks_total', help: 'Health checks by what they saw; cause is empty where they passed, region where the address is of none', labels: ['site', 'region', 'address', 'result', 'cause'] })
  const checkSeconds = series.histogram({ name: 'dns_failover_check_duration_seconds', help: 'How long the health checks that passed took, from the connection to the end of the answer', labels: ['site', 'region'], buckets: answerBuckets })
  const healthChanges = series.counter({ name: 'dns_failover_health_changes_total', help: 'How often an address of a region came to be up, down or unknown', labels: ['site', 'region', 'to'] })
  const times = {
    detection: series.histogram({ name: 'dns_failover_detection_seconds', help: 'From the first failed check of an address that was up to the verdict that it is down', labels: ['site'], buckets: failoverBuckets }),
    withdrawal: series.histogram({ name: 'dns_failover_withdrawal_seconds', help: 'From the verdict that an address is down to the first write without it', labels: ['site'], buckets: failoverBuckets }),
    effect: series.histogram({ name: 'dns_failover_effect_seconds', help: 'From a write until the last authoritative name server answers with it', labels: ['site'], buckets: failoverBuckets }),
  }
  const cycles = series.counter({ name: 'dns_failover_cycles_total', help: 'Cycles (read, decide, plan, guard, write) by outcome; a site where nothing changes needs none', labels: ['site', 'outcome'] })
  const cycleSeconds = new Histogram({ name: 'dns_failover_cycle_duration_seconds', help: 'How long cycles took, over all sites', buckets: [...answerBuckets], registers: [registry] })
  const goodCycleAt = series.gauge({ name: 'dns_failover_last_successful_cycle_timestamp_seconds', help: 'When a cycle last ended without trouble at the provider', labels: ['site'] })
  const refusals = series.counter({ name: 'dns_failover_guard_refusals_total', help: 'Changes that the guard refused, in each cycle anew, by code', labels: ['site', 'code'] })
  const writes = series.counter({ name: 'dns_failover_writes_total', help: 'RRsets that were written, by type', labels: ['site', 'type'] })
  const unknownWrites = series.counter({ name: 'dns_failover_writes_unknown_total', help: 'Writes of which nobody knew whether they took effect until the records were read again', labels: ['site'] })
  const restorations = series.counter({ name: 'dns_failover_restorations_total', help: 'Times that an edit by somebody else met a write and left nothing of ours, and what was to be there was put back', labels: ['site'] })
  const verifications = series.counter({ name: 'dns_failover_verifications_total', help: 'How written RRsets came to be seen at the authoritative name servers', labels: ['site', 'outcome'] })
  const heard = series.counter({ name: 'dns_failover_words_total', help: 'What outside monitors said of regions, by what came of it', labels: ['site', 'source', 'effect'] })
  const repoints = series.counter({ name: 'dns_failover_repoints_total', help: 'Service subdomains that were pointed elsewhere', labels: ['site', 'region'] })
  const promotions = series.counter({ name: 'dns_failover_promotions_total', help: 'Replacements that were promoted without a person, or failed to be', labels: ['site', 'region', 'outcome'] })
  const faults = series.counter({ name: 'dns_failover_site_faults_total', help: "Faults of the program's own that ended the watch of a site, which began anew", labels: ['site'] })
  const unsaved = series.gauge({ name: 'dns_failover_state_unsaved', help: 'Whether the state could not be saved when it was last tried; absent where it has never failed', labels: ['site'] })

  const passes = createPassLabels()
  /** By site. */
  const falls = new Map<string, Falls>()

  const failover = (event: EngineEvent): void => {
    const next = failoverTimes(falls.get(event.site) ?? new Map(), event, now())
    if (next.falls.size === 0) falls.delete(event.site)
    else falls.set(event.site, next.falls)
    for (const { part, seconds } of next.times) times[part]({ site: event.site }, seconds)
  }

  const count = (event: EngineEvent): void => {
    const { site } = event
    switch (event.kind) {
      case 'checked': {
        const { address, region = '', result } = event
        if (result.kind !== 'ok') return checks({ site, region, address, result: result.kind, cause: result.cause })
        const labels = passes.of(site, address, region)
        checks(labels.check)
        return checkSeconds(labels.seconds, result.timing.totalMs / 1000)
      }
      case 'health':
        return healthChanges({ site, region: event.region ?? '', to: event.to })
      case 'cycled':
        cycles({ site, outcome: event.outcome })
        cycleSeconds.observe(event.ms / 1000)
        for (const code of event.refusals) refusals({ site, code })
        if (goodOutcomes.has(event.outcome)) goodCycleAt({ site }, wallNow() / 1000)
        return
      case 'written':
        for (const { key } of event.changes) writes({ site, type: key.type })
        return
      case 'write-unknown':
        return unknownWrites({ site })
      case 'restored':
        return restorations({ site })
      case 'verified':
        return verifications({ site, outcome: event.verification.outcome })
      case 'heard':
        return heard({ site, source: event.source, effect: event.effect })
      case 'repointed':
        return repoints({ site, region: event.region })
      case 'promoted':
        return promotions({ site, region: event.region, outcome: 'promoted' })
      case 'promotion-failed':
        return promotions({ site, region: event.region, outcome: 'failed' })
      case 'site-failed':
        return faults({ site })
      case 'state-not-saved':
        return unsaved({ site }, 1)
      case 'state-saved':
        return unsaved({ site }, 0)
      // Told by the views: what lasts is a gauge, and a gauge is right whenever it is asked for.
      case 'mode':
      case 'decided':
      case 'unresolved':
      case 'resolved':
      case 'refused':
      case 'provider-failed':
      case 'provider-recovered':
      case 'paused':
      case 'resumed':
      case 'drained':
      case 'drain-safe':
      case 'drain-ending':
      case 'undrained':
      case 'forced':
      case 'unforced':
      case 'order-astray':
      case 'order-followed':
      case 'word-expired':
      case 'certificate-expiring':
      case 'stale':
      case 'fresh':
      case 'caught-up':
      case 'replication-suspected':
      case 'replication-mended':
      case 'content-differs':
      case 'content-agrees':
    }
  }

  return {
    event: (event) => {
      failover(event)
      count(event)
    },
    forget: (site) => {
      falls.delete(site)
      passes.forget(site)
    },
  }
}
