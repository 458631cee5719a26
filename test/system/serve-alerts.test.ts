import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startReceiver } from '../notify/receiver.ts'
import { pagerdutyShape } from '../notify/shapes.ts'
import { endpointAt, eventually, startOperated, untilA } from './operated-bench.ts'

const name = 'failover.example.test'
const [msk, ams, host, apiHost] = ['127.45.0.2', '127.45.0.3', '127.45.0.5', '127.45.0.6']

it('closes PagerDuty’s incident of a region that came up while the service was killed and started again', { timeout: 120_000 }, async () => {
  const receiver = await startReceiver((response) => void response.writeHead(202).end())
  onTestFinished(() => receiver[Symbol.asyncDispose]())
  const operated = await startOperated({ addresses: [msk, ams], apiHost, atEnd: onTestFinished })
  const { port } = operated.regions
  await operated.write(`providers:
  local: { type: embedded, listen: "${host}:${port}", zone: example.test }
sites:
  ${name}:
    allowPrivate: true
    ttl: 1
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${port}/", every: 300ms, fall: 2, rise: 2, confirmSpan: 100ms, timeout: 2s }
alerts: { on-call: { type: pagerduty, url: "${receiver.url}/v2/enqueue", secret: routing-key-of-exactly-32-chars0, on: [region-down], group: 0s, perHour: 1000 } }
`)
  const service = await operated.start()
  await untilA(endpointAt(host, port), name, [msk, ams])
  operated.regions.set(msk, 'fail')
  await receiver.until(1)
  const file = join(operated.stateDir, 'alerts.json')
  await eventually(async () => (await readFile(file, 'utf8').catch(() => '')).includes(msk))
  service.signal('SIGKILL')
  await service.ended
  operated.regions.set(msk, 'serve')
  await operated.start()
  await receiver.until(2)
  const told = receiver.received.map(({ body }) => pagerdutyShape.parse(JSON.parse(body))).map(({ event_action: action, dedup_key: key }) => `${action} ${key}`)
  expect(told).toEqual([`trigger region-down/${name}/${msk}`, `resolve region-down/${name}/${msk}`])
  await eventually(async () => !(await readFile(file, 'utf8')).includes(msk))
})
