import type { AnswerOutcome, NameServer } from '../core/answer.ts'
import { endpointText } from '../core/endpoint.ts'
import type { Fqdn } from '../core/fqdn.ts'
import { allAborted } from '../engine/all-aborted.ts'
import type { NameService } from '../engine/ports.ts'

interface Asker {
  readonly signal: AbortSignal
  readonly give: (outcome: AnswerOutcome) => void
}

/**
 * One question for all who ask the same server about the same zone at the same moment, as hundreds of sites do whose servers fail
 * together. It is sent after the last of them has asked, so it shows each of them what a question of its own would.
 */
export const createSharedPings = ({ ping }: Pick<NameService, 'ping'>): NameService['ping'] => {
  const waiting = new Map<string, Asker[]>()

  const ask = async (server: NameServer, zone: Fqdn, askers: readonly Asker[]): Promise<void> => {
    const life = allAborted(askers.map(({ signal }) => signal))
    const outcome = await ping(server, zone, life.signal)
    life.end()
    for (const { give } of askers) give(outcome)
  }

  return (server, zone, signal) =>
    new Promise((resolve) => {
      const onAbort = (): void => give({ kind: 'unreachable', detail: 'aborted' })
      const give = (outcome: AnswerOutcome): void => {
        signal.removeEventListener('abort', onAbort)
        resolve(outcome)
      }
      if (signal.aborted) return onAbort()
      signal.addEventListener('abort', onAbort)
      const topic = `${endpointText(server.endpoint)} ${zone}`
      const askers = waiting.get(topic)
      if (askers !== undefined) return void askers.push({ signal, give })
      const first: Asker[] = [{ signal, give }]
      waiting.set(topic, first)
      setImmediate(() => {
        waiting.delete(topic)
        void ask(server, zone, first)
      })
    })
}
