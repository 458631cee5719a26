/** Calls of a provider since the start of a service. */
export interface ProviderCalls {
  readonly read: number
  readonly apply: number
  readonly other: number
}

const line = /^dns_failover_provider_calls_total\{(?<labels>[^}]*)\} (?<count>\d+)$/gm

/** Out of a service's metrics. */
export const providerCallsIn = (metrics: string): ProviderCalls => {
  const counts = { read: 0, apply: 0, other: 0 }
  for (const { groups } of metrics.matchAll(line)) {
    const operation = /operation="(?<name>\w+)"/.exec(groups?.['labels'] ?? '')?.groups?.['name']
    counts[operation === 'read' || operation === 'apply' ? operation : 'other'] += Number(groups?.['count'])
  }
  return counts
}

export const callsBetween = (before: ProviderCalls, after: ProviderCalls): ProviderCalls => ({ read: after.read - before.read, apply: after.apply - before.apply, other: after.other - before.other })
