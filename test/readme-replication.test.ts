import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import type { Replication } from '../src/core/replication.ts'
import { limitsOf } from '../src/replication/limits.ts'
import { beat } from './cli/replication/bench.ts'
import { type Block, blocksOf } from './markdown-blocks.ts'
import { installCommands, typeLines } from './shell-session.ts'

/*
 * What README.md says of two servers kept alike, typed: the commands are the program's own, the servers folders that take what
 * ssh, scp and rsync would bring them. What install.sh does there is in test/replication and test/lab.
 */

const readme = await readFile(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8')
const section = readme.slice(readme.indexOf('\n## The replicated site'), readme.indexOf('\n## The commands'))
const blocks = blocksOf(section)
const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

const places = 'place() { case $1 in root@*:*) to=${1#root@}; path=${to#*:}; echo "$SERVERS/${to%%:*}/${path#/}" ;; *) echo "$1" ;; esac; }'

/** Each ends with an error if what it is to carry or to start is not there. */
const stubs: Readonly<Record<string, string>> = {
  rsync: `${places}\n[ "$1" = -a ] || exit 64\nmkdir -p "$(place "$3")" && cp -a "$2." "$(place "$3")"`,
  scp: `${places}\ncp "$(place "$1")" "$(place "$2")"`,
  // install.sh makes a key, and starts once it has those of all to whom it grants something.
  ssh: `host=\${1#root@}; shift; cd "$SERVERS/$host" || exit 255
case $1 in
  sh)
    sh -n "$2" || exit
    mkdir -p etc/dns-failover-replication/peers
    echo "ssh-ed25519 $host" >etc/dns-failover-replication/id_ed25519.pub
    for peer in $(sed -n "s/^grant '\\([a-z]*\\)'.*/\\1/p" "$2"); do [ -f "etc/dns-failover-replication/peers/$peer.pub" ] || { echo "not started yet"; exit 0; }; done
    cp "$(dirname "$2")"/etc/systemd/system/* ./ && echo running ;;
  systemctl) shift 2; for unit; do [ -f "$unit" ] || { echo "no $unit"; exit 4; }; done ;;
  *) exit 64 ;;
esac`,
}

/** A region's web server on a loopback address; the port is that of the first. */
const serve = async (address: string, port: number, heartbeat: () => string): Promise<number> => {
  const server = createServer(({ url }, response) => void response.end(url === '/.dns-failover/msk.json' ? heartbeat() : 'Hello')).listen(port, address)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const makeReader = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const bin = await installCommands(folder)
  for (const [name, text] of Object.entries(stubs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`)
    await chmod(join(bin, name), 0o755)
  }
  const servers = join(folder, 'servers')
  for (const region of ['msk', 'ams']) await mkdir(join(servers, `failover${region}.example.com`), { recursive: true })
  let counter = 0
  const port = await serve('127.0.0.2', 0, () => beat('msk', (counter += 1)))
  await serve('127.0.0.3', port, () => beat('msk', counter))
  const type = async (text: string): Promise<string> => {
    const typed = await typeLines([`export SERVERS=${servers}`, ...linesOf(text)], { cwd: folder, bin })
    for (const { line, code, stdout } of typed) expect(code, `${line}\n${stdout}`).toBe(0)
    return typed.map(({ stdout }) => stdout).join('')
  }
  const configure = (part: string): Promise<void> => {
    const { sites } = parse(part) as { readonly sites: Readonly<Record<string, object>> }
    const site = {
      allowPrivate: true,
      regions: { msk: { addresses: ['127.0.0.2'] }, ams: { addresses: ['127.0.0.3'] } },
      check: { url: `http://{site}:${port}/` },
      ...sites['failover.example.com'],
    }
    return writeFile(join(folder, 'dns-failover.yaml'), stringify({ version: 1, providers: { local: { type: 'rfc2136', server: '127.0.0.1:1', zone: 'example.com' } }, sites: { 'failover.example.com': site } }))
  }
  return { folder, servers, type, configure }
}

describe('the way to two servers kept alike in README.md', () => {
  it('leads there', async () => {
    const { folder, servers, type, configure } = await makeReader()
    const said: (readonly [Block, string])[] = []
    for (const block of blocks) {
      if (block.tag === 'yaml part') await configure(block.text)
      if (block.tag === 'sh replication' || block.tag === 'sh servers') said.push([block, await type(block.text)])
    }
    const output = (line: string): string => said.find(([{ text }]) => text.includes(line))?.[1] ?? ''
    expect(output('replication render')).not.toContain('warning')
    expect(output('replication render')).toContain('16 files for region msk of failover.example.com are in ./replication/msk')
    expect((await readdir(join(folder, 'replication/ams'))).toSorted()).toEqual(['INSTALL.md', 'etc', 'install.sh', 'usr'])

    expect(said.filter(([{ text }]) => text.includes('install.sh')).map(([, text]) => [...text.matchAll(/not started yet|running/g)].map(([word]) => word))).toEqual([
      ['not started yet', 'not started yet'],
      ['running', 'running'],
    ])
    for (const [host, peer] of [['msk', 'ams'], ['ams', 'msk']]) expect(await readFile(join(servers, `failover${host}.example.com/etc/dns-failover-replication/peers/${peer}.pub`), 'utf8')).toBe(`ssh-ed25519 failover${peer}.example.com\n`)

    const shown = linesOf(blocks.find(({ tag, text }) => tag === 'text' && text.includes('FROM'))?.text ?? '')
    const columns = (line: string): readonly string[] => line.trim().split(/ {2,}/)
    const checked = linesOf(output('replication check')).map(columns)
    expect([checked[0], checked[1], checked[2]?.slice(0, 3)]).toEqual([columns(shown[0] ?? ''), columns(shown[1] ?? ''), columns(shown[2] ?? '').slice(0, 3)])

    expect(output('replication promote')).toContain('The writer of failover.example.com moves from msk to ams.')
    expect(await readFile(join(folder, 'replication/ams/etc/dns-failover-replication/lsyncd.conf'), 'utf8')).toContain('dns-failover-msk')
  }, 60_000)

  it('names only files, units and programs that are rendered, or that install.sh makes', async () => {
    const { folder, type, configure } = await makeReader()
    await configure(blocks.find(({ tag }) => tag === 'yaml part')?.text ?? '')
    await type('for region in msk ams; do dns-failover replication render --config dns-failover.yaml --region $region --out rendered/$region; done')
    const rendered = await type('cd rendered && find . -type f && cat */install.sh */INSTALL.md')
    const named = [...section.matchAll(/(?:dns-failover-replication[\w-]*\.(?:service|conf)|\/(?:etc|var|usr)\/[\w./-]*dns-failover-replication[\w./-]*)/g)].map(([name]) => name.replace(/[/.]$/, ''))
    expect(new Set(named).size).toBeGreaterThan(8)
    expect([...new Set(named)].filter((name) => !rendered.includes(name.replace(/\/peers$|\/id_ed25519\.pub$/, '')))).toEqual([])
    expect(await readdir(folder)).toContain('rendered')
  })

  it('states each limit of two-way that is printed', () => {
    const printed = limitsOf({ mode: 'two-way', topology: 'mesh' } as Replication)
    const stated = section.match(/\| \*\*(?:stays|may come back everywhere)\*\* \|$/gm)
    expect(stated).toHaveLength(printed.length)
  })

  it('tells the keys of the JSON output', async () => {
    const { type, configure } = await makeReader()
    await configure(blocks.find(({ tag }) => tag === 'yaml part')?.text ?? '')
    const told = blocksOf(readme).find(({ text }) => text.startsWith('render   {'))?.text ?? ''
    for (const [verb, given] of [['render', '--region msk'], ['check', ''], ['promote', 'ams']] as const) {
      const row = told.slice(told.search(new RegExp(`^${verb} `, 'm'))).split(/\n(?=\w)/)[0] ?? ''
      const keys = [...row.matchAll(/"(?<key>\w+)"(?=[:, ]| \})/g)].map(({ groups }) => groups?.['key'] ?? '')
      const report = JSON.parse(await type(`dns-failover replication ${verb} ${given} --config dns-failover.yaml --json 2>/dev/null`)) as Readonly<Record<string, unknown>>
      const inner = Object.values(report).flatMap((value) => (Array.isArray(value) && typeof value[0] === 'object' ? Object.keys(value[0] as object) : []))
      expect([...Object.keys(report), ...inner].filter((key) => !keys.includes(key)), verb).toEqual([])
    }
  })
})
