import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'dns-packet'
import type { Endpoint } from '../../../src/core/endpoint.ts'
import { exchangeUdp } from '../../fakes/dns-exchange.ts'
import { onFreePort, type RunningServer, startServer } from './run.ts'
import type { ZoneServer } from './zone-server.ts'
import { sendSignal } from './send-signal.ts'

/** A second BIND that has its zone from a first one, and only takes a newer version when it is told to. */
export interface Secondary {
  readonly endpoint: Endpoint
  /** Tells it that there is a newer version. */
  transfer(): Promise<void>
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
  stop(): Promise<void>
}

const configuration = (folder: string, endpoint: Endpoint, primary: ZoneServer): string => `
options {
  directory "${folder}";
  listen-on port ${endpoint.port} { ${endpoint.address}; };
  listen-on-v6 { none; };
  pid-file none;
  session-keyfile none;
  lock-file none;
  recursion no;
  notify no;
  dnssec-validation no;
};
controls { };
zone "${primary.zone}" {
  type secondary;
  file "zone.db";
  primaries { ${primary.endpoint.address} port ${primary.endpoint.port}; };
};
`

const notifyOpcode = 4 << 11
const authoritative = 1 << 10

export const startSecondary = (primary: ZoneServer): Promise<Secondary> =>
  onFreePort(async (endpoint) => {
    const folder = await mkdtemp(join(tmpdir(), 'named-secondary-'))
    await writeFile(join(folder, 'named.conf'), configuration(folder, endpoint, primary))
    const server: RunningServer = await startServer('named', ['-g', '-n', '1', '-c', join(folder, 'named.conf')], [/transfer of .* status: success|Transfer status: success/i, /running/]).catch(async (error: unknown) => {
      await rm(folder, { recursive: true, force: true })
      throw error
    })
    return {
      endpoint,
      transfer: async () => {
        const message = encode({ type: 'query', id: 9, flags: notifyOpcode | authoritative, questions: [{ name: primary.zone, type: 'SOA' }] })
        if ((await exchangeUdp(endpoint, message)) === undefined) throw new Error('the secondary took no notice')
      },
      signal: (name) => sendSignal(server.child, name),
      stop: async () => {
        await server.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  })
