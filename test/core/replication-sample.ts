import type { Replication } from '../../src/core/replication.ts'

const hostKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA']

/** Three regions, one of which writes. */
export const replication = (changes: Partial<Replication> = {}): Replication => ({
  root: '/var/www/html',
  user: 'replication',
  mode: 'single-writer',
  writer: 'msk',
  topology: 'mesh',
  delayMs: 3000,
  hosts: {
    msk: { address: 'failovermsk.example.com', port: 22, hostKeys },
    ams: { address: '192.0.2.20', port: 22, hostKeys },
    fra: { address: '2001:db8::30', port: 2222, hostKeys },
  },
  heartbeat: { everyMs: 5000, path: '/.dns-failover' },
  maxLagMs: 30_000,
  onLag: 'alarm',
  sameContent: [],
  onDifference: 'report',
  ...changes,
})
