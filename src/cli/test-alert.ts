import type { ApiClient } from '../api/client.ts'
import { didYouMean } from '../config/suggest.ts'
import type { LoadedGood } from '../config/load-config.ts'
import { systemClock } from '../engine/clock.ts'
import { createNotifier } from '../notify/notifier.ts'
import type { Io } from './io.ts'
import { type Answer, answerOfApi, refusal, type Refused } from './link/answer.ts'
import { type OperatorVerbOptions, type Reached, runOperatorVerb } from './operator-verb.ts'
import type { Ending } from './print-ending.ts'
import { printable } from './render/style.ts'
import { notifyTargets } from './service/notify-targets.ts'
import { warnings } from './verb.ts'

export interface TestAlertOptions extends OperatorVerbOptions {
  /** Undefined: all. */
  readonly name: string | undefined
}

/** What `test-alert --json` prints, besides what every verb does. */
export interface TestAlertReport {
  /** Who sent it: the service, or this process by the config. */
  readonly via: 'service' | 'state' | null
  readonly alerts: readonly { readonly name: string; readonly ok: boolean; readonly text: string }[]
}

type Results = TestAlertReport['alerts']

const noSuchAlert = ({ config }: LoadedGood, name: string): Refused | undefined => {
  const known = config.alerts.map((target) => target.name)
  return known.includes(name) ? undefined : refusal('usage', `the config has no alert ${JSON.stringify(name)}${didYouMean(name, known, 'it has')}`)
}

const fromService = async (client: ApiClient, loaded: LoadedGood | undefined, name: string | undefined, signal: AbortSignal): Promise<Answer<Results>> => {
  const answer = answerOfApi(await client.testAlert(name === undefined ? {} : { name }, signal))
  const isUnknown = answer.kind === 'refused' && answer.error.code === 'unknown-alert'
  return (isUnknown && loaded !== undefined && name !== undefined ? noSuchAlert(loaded, name) : undefined) ?? answer
}

const fromHere = async (loaded: LoadedGood, name: string | undefined, io: Io): Promise<Answer<Results>> => {
  const { config, redact } = loaded
  const unknown = name === undefined ? undefined : noSuchAlert(loaded, name)
  if (unknown !== undefined) return unknown
  const notifier = createNotifier({ targets: notifyTargets(config), addressesOf: () => undefined, sites: () => config.sites, clock: systemClock, random: Math.random, log: warnings(io, redact), redact })
  try {
    return { kind: 'done', value: (await notifier.test(name)).map(({ target, ok, detail, host, ms }) => ({ name: target, ok, text: `${host}: ${detail}, ${ms} ms` })) }
  } finally {
    await notifier.close()
  }
}

const resultsOf = async (link: Reached, name: string | undefined, io: Io, signal: AbortSignal): Promise<Answer<Results>> =>
  link.kind === 'service' ? fromService(link.client, link.loaded, name, signal) : fromHere(link.loaded, name, io)

/** Sends a test to one alert, or to all: by the service or, if none runs, from here. */
export const testAlert = (options: TestAlertOptions, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const nothing: TestAlertReport = { via: null, alerts: [] }
  return runOperatorVerb<TestAlertReport>(options, io, env, signal, {
    nothing,
    act: async (link): Promise<Ending<TestAlertReport>> => {
      const via = link.kind === 'service' ? 'service' : 'state'
      const answer = await resultsOf(link, options.name, io, signal)
      if (answer.kind === 'refused') return { exitCode: answer.exitCode, data: { ...nothing, via }, error: answer.error }
      const alerts = answer.value
      if (alerts.length === 0) return { exitCode: 1, data: { via, alerts }, error: refusal('no-alerts', 'the config has no alerts', 'add one under "alerts"').error }
      return { exitCode: alerts.every(({ ok }) => ok) ? 0 : 1, data: { via, alerts } }
    },
    render: ({ alerts }, style) => alerts.map(({ name, ok, text }) => `${style.bold(name)}: ${ok ? style.green('sent') : style.red('not sent')}: ${printable(text)}\n`).join(''),
  })
}
