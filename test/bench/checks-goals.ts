import type { Measured } from './checks-table.ts'
import { type Goal, judge } from './goals.ts'

/** CPU-ms a check, by how we connect. */
const mostCpuMs = { fresh: 0.18, kept: 0.06 } as const
/** Both in C, each checking in one thread. */
const leanest: readonly string[] = ['HAProxy', 'gdnsd']
const mostTimesLeanest = 3
const mostLateMs = 20
const mostMegabytes = 150
/** What is not reached of the rate that was asked for, at most: the edges of what is measured. */
const mostMissing = 0.01

const megabytes = (mebibytes: number): number => (mebibytes * 2 ** 20) / 1e6

const cpu = (value: number): string => `${value.toFixed(3)} CPU-ms`

/** What is aimed at with so many targets once a second, on one core. */
export const checksGoals = (all: readonly Measured[], targets: number): readonly Goal[] => {
  const at = all.filter((each) => each.targets === targets)
  const ours = at.filter(({ who }) => who.startsWith('dns-failover'))
  if (ours.length === 0) return []
  const isKept = ({ who }: Measured): boolean => who.includes('kept')
  const peers = at.filter(({ who }) => !who.startsWith('dns-failover') && !who.startsWith('bare'))
  const about = `${targets} targets once a second`
  return [
    judge(`${about}: all of them are checked`, ours.map(({ who, perSecond, wantedPerSecond }) => ({ of: `${who}, share that is missing`, measured: 1 - perSecond / wantedPerSecond, most: mostMissing })), (value) => `${(100 * value).toFixed(1)} %`),
    judge(`${about}: at most ${mostCpuMs.fresh} CPU-ms a check, ${mostCpuMs.kept} on kept connections`, ours.map((each) => ({ of: each.who, measured: each.cpuMsPerCheck, most: isKept(each) ? mostCpuMs.kept : mostCpuMs.fresh })), cpu),
    judge(
      `${about}: less CPU than every peer but the two in C, and at most ${mostTimesLeanest} times those on kept connections`,
      ours.flatMap((own) => peers.filter(({ who }) => !leanest.includes(who) || isKept(own)).map(({ who, cpuMsPerCheck }) => ({ of: `${own.who} beside ${who}`, measured: own.cpuMsPerCheck, most: cpuMsPerCheck * (leanest.includes(who) ? mostTimesLeanest : 1) }))),
      cpu,
    ),
    judge(`${about}: 99 of 100 checks at most ${mostLateMs} ms after their turn`, ours.map(({ who, latenessP99Ms = Number.POSITIVE_INFINITY }) => ({ of: who, measured: latenessP99Ms, most: mostLateMs })), (value) => `${value.toFixed(1)} ms`),
    judge(`${about}: less than ${mostMegabytes} MB in memory`, ours.map(({ who, rssMiB }) => ({ of: who, measured: megabytes(rssMiB), most: mostMegabytes })), (value) => `${value.toFixed(0)} MB`),
  ]
}
