import { runTool } from '../../system/servers/run.ts'
import { monotonicMs } from '../process-cost.ts'

/** What the house's network does with packets to and from addresses. */
export interface PacketFilter {
  /** Drops them without a word; resolves with the moment before it did. */
  silence(addresses: readonly string[]): Promise<number>
  /** Answers connections and requests to them with a reset; resolves with the moment before it did. */
  refuse(addresses: readonly string[]): Promise<number>
  /** Lets all pass; resolves with the moment before it did: under load the command ends long after it has taken effect. */
  pass(): Promise<number>
}

const rules = `
table inet bench {
  set silent { type ipv4_addr; }
  set refused { type ipv4_addr; }
  chain input {
    type filter hook input priority 0;
    ip daddr @silent drop
    ip saddr @silent drop
    ip daddr @refused meta l4proto tcp reject with tcp reset
  }
}
`

/** Of the bench's own network, which it ends with. */
export const openPacketFilter = async (): Promise<PacketFilter> => {
  const nft = (text: string): Promise<string> => runTool('nft', ['-f', '-'], text)
  await nft(`destroy table inet bench\n`).catch(() => undefined)
  await nft(rules)
  const add = async (set: string, addresses: readonly string[]): Promise<number> => {
    const at = monotonicMs()
    await nft(`add element inet bench ${set} { ${addresses.join(', ')} }\n`)
    return at
  }
  return {
    silence: (addresses) => add('silent', addresses),
    refuse: (addresses) => add('refused', addresses),
    pass: async () => {
      const at = monotonicMs()
      await nft('flush set inet bench silent\nflush set inet bench refused\n')
      return at
    },
  }
}
