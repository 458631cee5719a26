import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { adopt } from '../../src/cli/adopt.ts'
import { doctor } from '../../src/cli/doctor/doctor.ts'
import type { Finding } from '../../src/cli/doctor/finding.ts'
import { explain } from '../../src/cli/explain.ts'
import type { Io } from '../../src/cli/io.ts'
import { reconcile } from '../../src/cli/reconcile.ts'
import { release } from '../../src/cli/release.ts'
import type { Address } from '../../src/core/address.ts'
import { makeBench, mark, zone } from '../providers/cloudflare/bench.ts'
import { startNameServer } from '../providers/cloudflare/name-server.ts'
import { makeFolder } from '../store/folder.ts'
import { never } from './operator-bench.ts'
import { startRegions } from './regions.ts'

const [msk, ams, stranger] = ['127.0.0.5', '127.0.0.6', '127.0.0.7']
const name = 'failover.example.com'

it('the operator’s verbs keep to a zone at Cloudflare: look, adopt, give up, and leave it to itself', async () => {
  const bench = await makeBench()
  const { api } = bench
  api.plant(zone, [msk, ams, stranger].map((content) => ({ name, type: 'A', content, ttl: 60, comment: 'by hand' })))
  const regions = await startRegions([msk, ams])
  onTestFinished(() => regions.close())
  const config = join(await makeFolder(), 'dns-failover.yaml')
  await writeFile(
    config,
    `version: 1
providers: { cf: { type: cloudflare, apiToken: "\${CF_TOKEN}", baseUrl: "${api.baseUrl}" } }
nameservers: ["${await startNameServer(api)}"]
sites:
  ${name}:
    allowPrivate: true
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${regions.port}/", fall: 2, rise: 1, confirmSpan: 100ms, timeout: 500ms }
`,
  )
  let printed = ''
  const run = async (verb: (io: Io & { isWatched: false }, env: NodeJS.ProcessEnv) => Promise<number>): Promise<{ readonly code: number; readonly stdout: string }> => {
    let stdout = ''
    api.forget()
    const code = await verb({ stdout: (text) => void (stdout += text), stderr: (text) => void (printed += text), color: false, isWatched: false }, { CF_TOKEN: api.token })
    printed += stdout
    return { code, stdout }
  }
  const records = (): unknown => api.records(zone).filter((record) => record.name === name && record.type === 'A').map(({ content, comment }) => [content, comment])
  const common = { config, sites: [], isJson: false, verifyMs: 2000 }
  const adoptIt = (isGivenUp: boolean) => run((io, env) => adopt({ ...common, isConfirmed: true, addresses: [stranger as Address], isGivenUp }, io, env, never))
  const others = bench.others()
  const ours = `by hand ${mark}`

  await run((io, env) => reconcile({ ...common, isDryRun: false, checksMs: 10_000, logLevel: 'warn' }, io, env, never))
  expect(records()).toEqual([[msk, ours], [ams, ours], [stranger, 'by hand']])

  expect((await adoptIt(false)).code).toBe(0)
  expect(records()).toEqual([[msk, ours], [ams, ours], [stranger, ours]])
  expect(bench.batches()).toHaveLength(1)
  expect((await adoptIt(true)).code).toBe(0)
  expect(records()).toEqual([[msk, ours], [ams, ours], [stranger, 'by hand']])

  const explained = await run((io, env) => explain({ ...common, address: undefined, isChecked: false, checksMs: 1000 }, io, env, never))
  expect({ code: explained.code, isForeign: explained.stdout.includes(`${stranger}  foreign: nobody configured it`) }).toEqual({ code: 0, isForeign: true })
  const looked = await run((io, env) => doctor({ ...common, isJson: true, totalMs: 20_000 }, io, env, never))
  const findings: readonly Finding[] = JSON.parse(looked.stdout).findings
  expect(findings.filter(({ status }) => status === 'fail')).toEqual([])
  expect(findings.find(({ area }) => area === 'records')?.text).toBe(`${name} A: ${msk}, ${ams}, ${stranger} (TTL 60; 2 of 3 marked as ours)`)
  expect(api.transcript().filter(({ method }) => method !== 'GET')).toEqual([])

  regions.set(ams, 'fail')
  await run((io, env) => reconcile({ ...common, isDryRun: false, checksMs: 10_000, logLevel: 'warn' }, io, env, never))
  expect(records()).toEqual([[msk, ours], [stranger, 'by hand']])
  const released = await run((io, env) => release({ ...common, sites: [name], isConfirmed: true }, io, env, never))
  expect({ code: released.code, isVerified: released.stdout.includes(' in effect after ') }).toEqual({ code: 0, isVerified: true })
  expect(records()).toEqual(expect.arrayContaining([[msk, 'by hand'], [stranger, 'by hand']]))
  expect(bench.values().toSorted()).toEqual([msk, ams, stranger])
  expect(api.records(zone).filter((record) => record.name === name && record.comment?.includes(mark) === true)).toEqual([])
  expect(bench.batches()).toHaveLength(1)

  expect(bench.others()).toEqual(others)
  expect(printed).not.toContain(api.token)
})
