import { describe, expect, it } from 'vitest'
import { type Panel, readDashboard } from './expressions.ts'

const { panels, templating } = await readDashboard()

const overlaps = ({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

describe('the Grafana dashboard', () => {
  it('has each panel once, none over another, all within the grid', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
    const clashes = panels.flatMap((a, at) => panels.slice(at + 1).flatMap((b) => (overlaps(a, b) ? [`${a.title} and ${b.title}`] : [])))
    expect(clashes).toEqual([])
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24).map(({ title }) => title)).toEqual([])
  })

  it('has its rows, from what matters most', () => {
    expect(panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual(['Overview', 'Failover times', 'Checks and latency', 'Replication', 'Provider', 'Program'])
  })

  it('says of each panel what it shows, under a title of its own', () => {
    const shown = panels.filter(({ type }) => type !== 'row')
    expect(shown.filter(({ description = '', targets = [] }) => description === '' || targets.length === 0).map(({ title }) => title)).toEqual([])
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length)
  })

  it('asks the data source that its reader chooses, for the sites that they choose', () => {
    expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['site', 'query'],
    ])
    const variables = panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => expr.match(/\$\w+/g) ?? []))
    expect([...new Set(variables)].toSorted()).toEqual(['$__range', '$__rate_interval', '$site'])
  })

  it('names each query of a panel apart', () => {
    const doubled = panels.filter(({ targets = [] }) => new Set(targets.map(({ refId }) => refId)).size !== targets.length)
    expect(doubled.map(({ title }) => title)).toEqual([])
  })
})
