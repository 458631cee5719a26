import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { serverOf } from '../../src/replication/server.ts'
import { apacheConf, nginxConf } from '../../src/replication/web-server.ts'
import { replication } from '../core/replication-sample.ts'
import { titled } from '../system/servers/available.ts'

const isThere = (file: string): boolean => {
  try {
    accessSync(file)
    return true
  } catch {
    return false
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return address === null || typeof address === 'string' ? 0 : address.port
}

const server = serverOf('failover.example.com', 'msk', replication())

/** As people configure them, with a rule besides that hides all that begins with a dot. */
const kinds = [
  {
    name: 'nginx',
    program: '/usr/sbin/nginx',
    snippet: nginxConf(server).text,
    conf: (folder: string, port: number): string =>
      `daemon off; pid ${folder}/pid; error_log ${folder}/log; worker_processes 1; events { } http { access_log off; client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3; uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5; server { listen 127.0.0.1:${port}; root ${folder}/html; location ~ /\\. { deny all; } include ${folder}/snippet; } }\n`,
    args: (file: string): readonly string[] => ['-c', file],
  },
  {
    name: 'Apache',
    program: '/usr/sbin/apache2',
    snippet: apacheConf(server).text,
    conf: (folder: string, port: number): string =>
      `${['mpm_event', 'authz_core', 'headers', 'mime', 'alias', 'dir'].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so\n`).join('')}ServerRoot ${folder}\nServerName x\nPidFile ${folder}/pid\nErrorLog ${folder}/log\nTypesConfig /dev/null\nListen 127.0.0.1:${port}\nDocumentRoot ${folder}/html\n<Directory ${folder}/html>\nRequire all granted\n</Directory>\n<DirectoryMatch "/\\.">\nRequire all denied\n</DirectoryMatch>\nInclude ${folder}/snippet\n`,
    args: (file: string): readonly string[] => ['-D', 'FOREGROUND', '-f', file],
  },
]

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'close')
}

it.each(kinds.map((kind) => [titled(kind.name, isThere(kind.program) ? undefined : 'not installed; on Debian: npm run test:deps'), kind] as const))(
  '%s serves heartbeats uncached, and hides the rest of what the replication has there',
  async (_, { program, snippet, conf, args }) => {
    if (!isThere(program)) return
    const folder = await mkdtemp(join(tmpdir(), 'web-server-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    await chmod(folder, 0o755)
    for (const each of ['html/.dns-failover', 'html/.dns-failover-temp', 'html/.git']) await mkdir(join(folder, each), { recursive: true })
    for (const each of ['.dns-failover/msk.json', '.dns-failover-temp/half', '.dns-failover-root', '.git/config', 'index.html']) await writeFile(join(folder, 'html', each), '{"a":1}\n')
    const port = await freePort()
    await writeFile(join(folder, 'snippet'), snippet)
    await writeFile(join(folder, 'conf'), conf(folder, port))
    const child = spawn(program, args(join(folder, 'conf')), { stdio: 'inherit' })
    onTestFinished(() => stop(child))

    const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`, { headers })
    await expect.poll(() => ask('/index.html').then(({ status }) => status, () => 0), { timeout: 30_000 }).toBe(200)
    const beat = await ask('/.dns-failover/msk.json', { 'if-modified-since': new Date(Date.now() + 1000).toUTCString() })
    expect([beat.status, beat.headers.get('cache-control'), beat.headers.get('content-type'), beat.headers.get('etag'), await beat.text()]).toEqual([200, 'no-store', 'application/json', null, '{"a":1}\n'])
    expect((await ask('/.dns-failover/ams.json')).status).toBe(404)
    for (const path of ['/.dns-failover-temp/half', '/.dns-failover-root', '/.git/config']) expect((await ask(path)).status, path).toBeGreaterThanOrEqual(403)
  },
)
