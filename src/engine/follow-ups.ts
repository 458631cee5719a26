import { keyText } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import type { AppliedChange } from './cycle.ts'
import type { SitePorts } from './ports.ts'
import { verify } from './verify.ts'

/** A name server that does not answer for the zone is asked so often. */
const tries = 3

/** Follows each write to the name servers while the site is watched on; a newer write of an RRset ends the older's. What goes wrong with the program itself goes to `onError`. */
export const createFollowUps = (
  site: Site,
  ports: SitePorts,
  deadlineMs: number,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): ((writes: readonly AppliedChange[]) => void) => {
  const running = new Map<string, AbortController>()

  const follow = async ({ change, writtenAt }: AppliedChange): Promise<void> => {
    const topic = keyText(change.key)
    running.get(topic)?.abort()
    const controller = new AbortController()
    running.set(topic, controller)
    const end = (): void => controller.abort()
    signal.addEventListener('abort', end)
    const verification = await verify(change, writtenAt, { deadlineMs, tries }, ports, controller.signal)
    signal.removeEventListener('abort', end)
    if (controller.signal.aborted) return
    running.delete(topic)
    ports.report({ site: site.name, kind: 'verified', verification })
  }

  return (writes) => {
    for (const write of writes) follow(write).catch(onError)
  }
}
