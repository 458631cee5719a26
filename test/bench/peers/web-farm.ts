import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathOf } from '../../system/servers/available.ts'
import { isShort } from '../bench-size.ts'
import { wantedBody } from './checker.ts'
import { type BenchProcess, startProcess } from './process.ts'

/** A request as the farm has served it. */
export interface Served {
  readonly address: string
  /** Milliseconds of Date.now() at its end. */
  readonly at: number
  /** Its number on its connection: 1 on a fresh one. */
  readonly onConnection: number
}

/** One nginx that serves every address of 127.0.0.0/8. */
export interface WebFarm {
  readonly port: number
  readonly process: BenchProcess
  /** Forgets what it has served. */
  forget(): Promise<void>
  /** What it has served since then. */
  served(): Promise<readonly Served[]>
  close(): Promise<void>
}

const flushMs = isShort ? 200 : 1000

const configText = (folder: string, port: number): string => `daemon off;
master_process off;
pid ${folder}/pid;
error_log stderr error;
worker_rlimit_nofile 20000;
events { worker_connections 18000; multi_accept on; }
http {
  log_format check '$msec $server_addr $connection_requests';
  access_log ${folder}/served check buffer=64k flush=${flushMs}ms;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_timeout 75s;
  keepalive_requests 100000;
  server {
    listen 0.0.0.0:${port} backlog=4096;
    default_type text/plain;
    return 200 ${wantedBody};
  }
}
`

const servedIn = (text: string): readonly Served[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line): Served => {
      const [at = '', address = '', onConnection = ''] = line.split(' ')
      return { address, at: Number(at) * 1000, onConnection: Number(onConnection) }
    })

export const startWebFarm = async (core?: number): Promise<WebFarm> => {
  const port = 8080
  const folder = await mkdtemp(join(tmpdir(), 'nginx-'))
  const log = join(folder, 'served')
  await writeFile(join(folder, 'nginx.conf'), configText(folder, port))
  const isReady = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/`).then(
      async (response) => (await response.text()) === wantedBody,
      () => false,
    )
  const nginx = await startProcess([pathOf('nginx') ?? 'nginx', '-p', folder, '-c', join(folder, 'nginx.conf')], { isReady, core })
  return {
    port,
    process: nginx,
    forget: async () => {
      await pause(flushMs * 1.5)
      await truncate(log)
    },
    served: async () => {
      await pause(flushMs * 1.5)
      return servedIn(await readFile(log, 'utf8'))
    },
    close: nginx.stop,
  }
}
