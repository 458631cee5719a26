import { expect, test } from 'vitest'
import { callsBetween, providerCallsIn } from './provider-calls.ts'

const metrics = `# TYPE dns_failover_provider_calls_total counter
dns_failover_provider_calls_total{provider="local",operation="read",outcome="ok"} 12
dns_failover_provider_calls_total{provider="local",operation="read",outcome="unavailable"} 3
dns_failover_provider_calls_total{provider="local",operation="apply",outcome="ok"} 4
dns_failover_provider_calls_total{provider="local",operation="zoneOf",outcome="ok"} 1
dns_failover_build_info{version="1"} 1
`

test('counts calls by what they do', () => {
  const calls = providerCallsIn(metrics)
  expect(calls).toEqual({ read: 15, apply: 4, other: 1 })
  expect(callsBetween({ read: 10, apply: 4, other: 0 }, calls)).toEqual({ read: 5, apply: 0, other: 1 })
  expect(providerCallsIn('')).toEqual({ read: 0, apply: 0, other: 0 })
})
