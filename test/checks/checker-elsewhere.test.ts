import { describe, expect, it } from 'vitest'
import { runElsewhere, whyNotElsewhere } from './elsewhere/run.ts'

const why = whyNotElsewhere()

describe.skipIf(why !== undefined)(`in a network namespace of its own${why === undefined ? '' : ` (skipped: ${why})`}`, () => {
  it('no route of ours is told from what the network says', async () => {
    const links = `
      ip link set lo up
      ip link add here type veth peer name there
      ip addr add 198.51.100.1/24 dev here
      ip link set here up; ip link set there up
      ip route add unreachable 192.0.2.0/24`
    expect(await runElsewhere(links, 'unreachable.ts')).toEqual({
      noRoute: { kind: 'cannot-tell', cause: 'no-route' },
      forbidden: { kind: 'cannot-tell', cause: 'no-route' },
      noIpv6: { kind: 'cannot-tell', cause: 'no-route' },
      noNeighbour: { kind: 'failed', cause: 'unreachable' },
    })
  })

  it('no descriptors left is our own fault', async () => {
    expect(await runElsewhere('ip link set lo up; ulimit -n 200', 'no-descriptors.ts')).toEqual({ kind: 'cannot-tell', cause: 'no-descriptors' })
  })
})
