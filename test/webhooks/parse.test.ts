import { describe, expect, it } from 'vitest'
import type { Observation, Parsed } from '../../src/webhooks/observation.ts'
import { parseBody } from '../../src/webhooks/parse-body.ts'
import type { WebhookType } from '../../src/webhooks/webhook-source.ts'
import { fixture, fixtureTime } from './delivering.ts'

const now = fixtureTime + 60_000

const parse = (type: WebhookType, name: string): Parsed => parseBody(type, JSON.parse(fixture(name)), now)

const observations = (parsed: Parsed): readonly Observation[] => {
  if (parsed.kind === 'refused') throw new Error(parsed.text)
  return parsed.observations
}

const only = (parsed: Parsed): Observation => {
  const [first, ...more] = observations(parsed)
  if (first === undefined || more.length > 0) throw new Error(JSON.stringify(parsed))
  return first
}

const refusal = (type: WebhookType, body: unknown): string => {
  const parsed = parseBody(type, body, now)
  return parsed.kind === 'refused' ? `${parsed.status} ${parsed.code}: ${parsed.text}` : 'taken'
}

describe('json', () => {
  it('is one word', () => {
    expect(parse('json', 'json/down')).toEqual({
      kind: 'parsed',
      observations: [
        {
          fields: { monitor: 'probe-1', status: 'down', site: 'shop.example.com', region: 'msk' },
          opinion: 'down',
          detail: 'HTTP 502',
          eventAt: fixtureTime,
          monitor: 'probe-1',
        },
      ],
      note: undefined,
    })
  })

  it('or a list, without a time of now', () => {
    const [first, second] = observations(parse('json', 'json/list'))
    expect(first).toMatchObject({ opinion: 'down', eventAt: fixtureTime + 250, monitor: 'default' })
    expect(second).toMatchObject({ opinion: 'up', eventAt: now, fields: { 'labels.rack': 'b2' } })
    expect(parseBody('json', [], now)).toEqual({ kind: 'parsed', observations: [], note: 'An empty list.' })
  })

  const advice = 'Send {"site": ..., "region": ..., "status": "up" or "down"}, or a list of these; monitor, detail, at and labels are optional.'
  it.each([
    [null, `400 malformed: This is not a word on a region: [0]: Invalid input: expected object, received null. ${advice}`],
    [{ status: 'DOWN' }, `400 malformed: This is not a word on a region: [0].status: Invalid option: expected one of "up"|"down". ${advice}`],
    [{ status: 'up', time: 'x' }, `400 malformed: This is not a word on a region: [0]: Unrecognized key: "time". ${advice}`],
    [[{ status: 'up' }, { status: 'up', at: '2026-11-22' }], `400 malformed: This is not a word on a region: [1].at: not a time such as 2026-11-22T15:04:05Z. ${advice}`],
    [Array.from({ length: 1001 }, () => ({ status: 'up' })), `400 malformed: This is not a word on a region: Too big: expected array to have <=1000 items. ${advice}`],
  ])('%#', (body, expected) => {
    expect(refusal('json', body)).toBe(expected)
  })
})

describe('uptime kuma', () => {
  it('says down, its time in UTC though its server is elsewhere', () => {
    expect(only(parse('uptime-kuma', 'uptime-kuma/down'))).toEqual({
      fields: {
        monitor: 'Shop in Moscow',
        id: '29',
        path: 'Shops / Shop in Moscow',
        url: 'https://shopmsk.example.com/healthz',
        type: 'http',
        status: 'down',
        'tags.region': 'msk',
      },
      opinion: 'down',
      detail: 'Shop in Moscow: connect ECONNREFUSED 203.0.113.10:443',
      eventAt: fixtureTime + 527,
      monitor: '29',
    })
  })

  it('says up', () => {
    expect(only(parse('uptime-kuma', 'uptime-kuma/up'))).toMatchObject({ opinion: 'up', eventAt: fixtureTime + 120_031, monitor: '29' })
  })

  it.each([
    ['pending', 'The heartbeat of Shop in Moscow has the status 2 (pending), which is neither up nor down.'],
    ['maintenance', 'The heartbeat of Shop in Moscow has the status 3 (maintenance), which is neither up nor down.'],
    ['test', 'A message without a heartbeat: dns-failover Testing'],
  ])('has nothing to say: %s', (name, note) => {
    expect(parse('uptime-kuma', `uptime-kuma/${name}`)).toEqual({ kind: 'parsed', observations: [], note })
  })

  it.each([
    [{ msg: 'x' }, /heartbeat: Invalid input.*monitor: Invalid input.*Preset - application\/json/],
    [{ heartbeat: { status: 0 }, monitor: null }, /has a heartbeat and no monitor/],
    [{ heartbeat: { status: '0' }, monitor: { id: 1, name: 'a' } }, /heartbeat\.status: .*expected number, received string/],
    [{ heartbeat: { status: 0, time: 'yesterday' }, monitor: { id: 1, name: 'a' } }, /heartbeat\.time: not a time/],
  ])('%#', (body, expected) => {
    expect(refusal('uptime-kuma', body)).toMatch(expected)
  })
})

describe('gatus', () => {
  it.each([
    ['triggered', 'down'],
    ['resolved', 'up'],
  ] as const)('%s is %s, now', (name, opinion) => {
    expect(only(parse('gatus', `gatus/${name}`))).toEqual({
      fields: { monitor: 'shop-msk', group: 'Shops', status: opinion, description: 'the shop does not answer', url: 'https://shopmsk.example.com/healthz' },
      opinion,
      detail: 'shop-msk: the shop does not answer',
      eventAt: now,
      monitor: 'shops_shop-msk',
    })
  })

  it('tells endpoints apart by their group', () => {
    const key = (group: string, name: string): string => only(parseBody('gatus', { group, name, status: 'RESOLVED' }, now)).monitor
    expect([key('a/b', 'c'), key('a', 'b/c'), key('', 'c')]).toEqual(['a-b_c', 'a_b-c', '_c'])
  })

  it('must be told apart up from down as Gatus does', () => {
    expect(refusal('gatus', { name: 'a', status: 'boom' })).toContain('status: neither TRIGGERED nor RESOLVED: leave the placeholder ALERT_TRIGGERED_OR_RESOLVED as it is')
  })
})

describe('healthchecks', () => {
  it.each([
    ['down', fixtureTime],
    ['up', fixtureTime + 120_000],
  ] as const)('%s', (name, eventAt) => {
    const code = '2b1a6c3e-0f3d-4a53-9a4b-7d1b5f0c9e11'
    expect(only(parse('healthchecks', `healthchecks/${name}`))).toEqual({
      fields: { monitor: 'shop msk', code, status: name, tags: 'shop msk' },
      opinion: name,
      detail: `shop msk is ${name}`,
      eventAt,
      monitor: code,
    })
  })

  it('says when its placeholders were not filled in', () => {
    expect(refusal('healthchecks', { code: '$CODE', name: '$NAME', status: '$STATUS' })).toContain('status: Invalid option: expected one of "up"|"down"')
  })
})

describe('alertmanager', () => {
  it('says several things at once, firing and resolved', () => {
    const [firing, resolved, ...more] = observations(parse('alertmanager', 'alertmanager/firing'))
    expect(more).toEqual([])
    expect(firing).toEqual({
      fields: {
        monitor: 'ProbeFailed',
        status: 'down',
        receiver: 'dns-failover',
        fingerprint: '1a30ba71cca2921f',
        'labels.alertname': 'ProbeFailed',
        'labels.instance': 'https://shopmsk.example.com',
        'labels.job': 'blackbox',
        'labels.site': 'shop.example.com',
        'labels.region': 'msk',
        'labels.severity': 'critical',
        'annotations.summary': 'The probe of shopmsk fails',
        'annotations.description': 'For a minute now',
      },
      opinion: 'down',
      detail: 'ProbeFailed: firing: The probe of shopmsk fails',
      eventAt: fixtureTime + 828,
      monitor: '1a30ba71cca2921f',
    })
    expect(resolved).toMatchObject({ opinion: 'up', eventAt: fixtureTime + 15_828, monitor: '5c0b3d7e9f113a42' })
  })

  const alert = (given: object): Observation => only(parseBody('alertmanager', { alerts: [{ status: 'firing', labels: { alertname: 'A' }, ...given }] }, now))

  it.each([
    ['firing, no time: now', { status: 'firing' }, now],
    ['firing, the year 1: now', { status: 'firing', startsAt: '0001-01-01T00:00:00Z' }, now],
    ['firing: its start', { status: 'firing', startsAt: '2026-11-22T15:00:00Z', endsAt: '2026-11-22T15:04:00Z' }, fixtureTime],
    ['resolved: its end', { status: 'resolved', startsAt: '2026-11-22T15:00:00Z', endsAt: '2026-11-22T15:00:30Z' }, fixtureTime + 30_000],
    ['resolved at once: after its start', { status: 'resolved', startsAt: '2026-11-22T15:00:00Z', endsAt: '2026-11-22T15:00:00Z' }, fixtureTime + 1],
    ['resolved before its start: after it', { status: 'resolved', startsAt: '2026-11-22T15:00:00Z', endsAt: '2026-11-22T14:00:00Z' }, fixtureTime + 1],
    ['resolved, no end: now', { status: 'resolved', startsAt: '2026-11-22T15:00:00Z', endsAt: '0001-01-01T00:00:00Z' }, now],
    ['resolved, no times: now', { status: 'resolved' }, now],
  ])('%s', (_, given, expected) => {
    expect(alert(given).eventAt).toBe(expected)
  })

  it('knows an alert without a fingerprint by its labels, in whatever order', () => {
    const one = alert({ labels: { alertname: 'A', region: 'msk' } }).monitor
    expect(one).toMatch(/^[\da-f]{16}$/)
    expect(alert({ labels: { region: 'msk', alertname: 'A' }, annotations: { summary: 'x' }, status: 'resolved' }).monitor).toBe(one)
    expect(alert({ labels: { region: 'ams', alertname: 'A' } }).monitor).not.toBe(one)
  })

  it('may have labels that are called like parts of an object', () => {
    expect(alert({ labels: { constructor: 'x', toString: 'y' } }).fields).toMatchObject({ 'labels.constructor': 'x', 'labels.toString': 'y', monitor: '' })
  })

  it('says when some were cut off', () => {
    expect(parseBody('alertmanager', { alerts: [], truncatedAlerts: 7 }, now)).toEqual({ kind: 'parsed', observations: [], note: "7 more alerts were cut off by the sender: see its max_alerts." })
  })

  it.each([
    [{}, /alerts: Invalid input: expected array, received undefined/],
    [{ alerts: [{ status: 'pending', labels: {} }] }, /alerts\[0\]\.status: Invalid option/],
    [{ alerts: [{ status: 'firing', labels: { site: 7 } }] }, /alerts\[0\]\.labels\.site: .*expected string, received number/],
    [{ alerts: Array.from({ length: 1001 }, () => ({ status: 'firing', labels: {} })) }, /Too big: expected array to have <=1000 items/],
    [{ alerts: Array.from({ length: 9 }, () => ({ status: 'firing' })) }, /; and 6 more\./],
  ])('%#', (body, expected) => {
    expect(refusal('alertmanager', body)).toMatch(expected)
  })
})

describe('grafana', () => {
  it('says down, and up at a time that is its start as well', () => {
    expect(only(parse('grafana', 'grafana/firing'))).toMatchObject({ opinion: 'down', eventAt: fixtureTime + 157, monitor: 'c6eadffa33fcdf37' })
    expect(only(parse('grafana', 'grafana/resolved'))).toMatchObject({ opinion: 'up', eventAt: fixtureTime + 120_001, monitor: 'c6eadffa33fcdf37' })
  })

  it.each([
    ['no-data', '1 alerts left out that tell nothing of health: DatasourceNoData.'],
    ['missing-series', '1 alerts left out that tell nothing of health: grafana_state_reason MissingSeries.'],
  ])('does not know, which is neither up nor down: %s', (name, note) => {
    for (const type of ['grafana', 'alertmanager'] as const) expect(parse(type, `grafana/${name}`)).toEqual({ kind: 'parsed', observations: [], note })
  })
})
