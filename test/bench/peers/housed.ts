import { pathOf, type ServerTool } from '../../system/servers/available.ts'

/** The Debian package that each of the bench's tools comes in. */
const packages = { gdnsd: 'gdnsd', pdns_server: 'pdns-server and pdns-backend-bind', haproxy: 'haproxy', 'prometheus-blackbox-exporter': 'prometheus-blackbox-exporter', nginx: 'nginx-light', nft: 'nftables', named: 'bind9', taskset: 'util-linux' } as const satisfies Partial<Record<ServerTool, string>>

export type BenchTool = keyof typeof packages

/** Why a part cannot be played here, and what to do about it; undefined: it can. */
export const obstacle = (...tools: readonly BenchTool[]): string | undefined => {
  if (process.env['BENCH_HOUSE'] === undefined) return 'only in a network of its own: npm run bench'
  const missing = tools.filter((tool) => pathOf(tool) === undefined).map((tool) => packages[tool])
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}; on Debian: npm run test:deps -- bench`
}
