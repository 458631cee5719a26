import type { LoadReport, Stretch } from './load-run.ts'

const round = (value: number): string => value.toFixed(1)

const stretchText = ({ lateness: { count, missed, p50, p99, max }, cpu, waiting }: Stretch): string =>
  `${count} checks, ${missed} missed; late by ${round(p50)} ms (p50), ${round(p99)} ms (p99), ${round(max)} ms (max); ${(cpu * 100).toFixed(0)}% of a core, ${(waiting * 100).toFixed(0)}% of the time waiting for one`

/** A report for people. */
export const loadText = ({ idle, loaded, rss, withdrawnMs, client }: LoadReport): string => `
without load: ${stretchText(idle)}
under load:   ${stretchText(loaded)}
load:         ${round(loaded.cpu / idle.cpu)} times the CPU of the checks alone
memory:       ${round(rss.warm)} MiB warm, ${round(rss.end)} MiB at the end (${(rss.growth * 100).toFixed(1)}%)
failover:     withdrawn after ${withdrawnMs.toFixed(0)} ms
client:       ${client.tally['asked'] ?? 0} requests, answered in ${round(client.p50)} ms (p50), ${round(client.p99)} ms (p99); ${client.readers} readers of events, ${client.waiting} waiting
${Object.entries(client.tally)
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, count]) => `              ${name}: ${count}`)
  .join('\n')}
`
