import { describe, expect, it } from 'vitest'
import { heartbeatPath, heartbeatsOn, linksOf, type Replication, writersOf } from '../../src/core/replication.ts'
import { replication } from './replication-sample.ts'

const told = (of: Replication): readonly string[] => linksOf(of).map((link) => `${link.from}>${link.to}: ${heartbeatsOn(of, link).join(' ')}`)

describe('who sends what to whom', () => {
  it('one writer sends to all, and only its own heartbeat', () => {
    expect(told(replication({ writer: 'ams' }))).toEqual(['ams>msk: ams', 'ams>fra: ams'])
    expect(writersOf(replication({ writer: 'ams' }))).toEqual(['ams'])
  })

  it('in a mesh each sends its own to each', () => {
    expect(told(replication({ mode: 'two-way' }))).toEqual(['msk>ams: msk', 'msk>fra: msk', 'ams>msk: ams', 'ams>fra: ams', 'fra>msk: fra', 'fra>ams: fra'])
  })

  it('in a star the hub passes on the heartbeats of the others, but nobody gets its own back', () => {
    expect(told(replication({ mode: 'two-way', topology: 'star', writer: 'ams', hub: 'ams' }))).toEqual(['msk>ams: msk', 'ams>msk: ams fra', 'ams>fra: msk ams', 'fra>ams: fra'])
    expect(writersOf(replication({ mode: 'two-way' }))).toEqual(['msk', 'ams', 'fra'])
  })
})

it('finds a heartbeat', () => {
  expect(heartbeatPath(replication(), 'msk')).toBe('/.dns-failover/msk.json')
})
