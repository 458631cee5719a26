import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { reconcile } from '../../../src/cli/reconcile.ts'
import { ReconcileReport } from '../../../src/cli/render/json.ts'
import { startRegions } from '../../cli/regions.ts'
import { makeFolder } from '../../store/folder.ts'
import { makeBench, mark, zone } from './bench.ts'
import { startNameServer } from './name-server.ts'

const [msk, ams] = ['127.0.0.5', '127.0.0.6']
const name = 'failover.example.com'

it('keeps a zone at Cloudflare from the command line: takes it over, asks little while nothing changes, withdraws and re-admits', async () => {
  const bench = await makeBench()
  bench.api.plant(zone, [msk, ams].map((content) => ({ name, type: 'A', content, ttl: 60, comment: 'by hand' })))
  const regions = await startRegions([msk, ams])
  onTestFinished(() => regions.close())
  const dir = await makeFolder()
  const config = join(dir, 'dns-failover.yaml')
  await writeFile(
    config,
    `version: 1
providers: { cf: { type: cloudflare, apiToken: "\${CF_TOKEN}", baseUrl: "${bench.api.baseUrl}" } }
nameservers: ["${await startNameServer(bench.api)}"]
sites:
  ${name}:
    allowPrivate: true
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${regions.port}/", fall: 2, rise: 1, confirmSpan: 100ms, timeout: 500ms }
`,
  )
  let printed = ''
  const run = async (isDryRun = false): Promise<Pick<ReconcileReport, 'exitCode'> & { readonly outcome: unknown; readonly requests: readonly string[] }> => {
    bench.api.forget()
    let stdout = ''
    const keep = (text: string): void => void (printed += text)
    const io = { stdout: (text: string) => void (stdout += text), stderr: keep, color: false, isWatched: false }
    const options = { config, sites: [], isDryRun, isJson: true, checksMs: 10_000, verifyMs: 3_000, logLevel: 'debug' } as const
    await reconcile(options, io, { CF_TOKEN: bench.api.token }, AbortSignal.timeout(20_000))
    printed += stdout
    const report = ReconcileReport.parse(JSON.parse(stdout))
    const requests = bench.api.transcript().map(({ method, path }) => `${method} ${path.replace(/\?.*|.*\//g, '')}`)
    return { exitCode: report.exitCode, outcome: report.sites[0]?.outcome, requests }
  }
  const [zones, list, batch] = ['GET zones', 'GET dns_records', 'POST batch']
  const others = bench.others()

  expect(await run(true)).toEqual({ exitCode: 2, outcome: 'planned', requests: [zones, list, list] })
  expect(await run()).toEqual({ exitCode: 0, outcome: 'applied', requests: [zones, list, list, batch, list] })
  expect(bench.api.records(zone).filter((record) => record.name === name && record.type === 'A').map(({ content, comment }) => [content, comment])).toEqual([
    [msk, `by hand ${mark}`],
    [ams, `by hand ${mark}`],
  ])
  expect(await run()).toEqual({ exitCode: 0, outcome: 'unchanged', requests: [zones, list] })

  regions.set(msk, 'fail')
  expect(await run()).toEqual({ exitCode: 0, outcome: 'applied', requests: [zones, list, list, batch, list] })
  expect(bench.values()).toEqual([ams])

  regions.set(msk, 'serve')
  expect(await run()).toMatchObject({ exitCode: 0, outcome: 'applied' })
  expect(bench.values()).toEqual([msk, ams])

  bench.api.revoke()
  expect(await run()).toMatchObject({ exitCode: 1 })
  expect(bench.others()).toEqual(others)
  expect(printed).not.toContain(bench.api.token)
})
