import { expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { createWireRoom, type Holder, type WireRoom } from '../../src/checks/wire-room.ts'
import { v4, v6 } from '../core/samples.ts'
import { aCheck } from './checking.ts'

const site = (): Holder['check'] => aCheck({ tripwire: 'auto' })

interface Held extends Holder {
  readonly isHeld: () => boolean
}

const holderIn = (room: WireRoom, address: Address, check: Holder['check']): Held => {
  let isHeld = room.mayHold({ address, check, drop: () => false })
  const holder: Held = {
    address,
    check,
    isHeld: () => isHeld,
    drop: () => {
      const was = isHeld
      isHeld = false
      if (was) room.onDrop(holder)
      return was
    },
  }
  if (isHeld) room.onHold(holder)
  return holder
}

it('lets go of what leads to the same server while a check there waits or fails', () => {
  const room = createWireRoom(20_000)
  const www = site()
  const [troubled, otherFamily, otherSite, elsewhere] = [holderIn(room, v4(1), www), holderIn(room, v6(1), www), holderIn(room, v4(1), site()), holderIn(room, v4(2), site())] as const
  room.onTrouble(troubled)
  expect([troubled, otherFamily, otherSite, elsewhere].map((each) => each.isHeld())).toEqual([true, false, false, true])
  expect([otherFamily, otherSite, elsewhere].map((each) => room.mayHold(each))).toEqual([false, false, true])
  room.onCalm(troubled)
  expect([otherFamily, otherSite].map((each) => room.mayHold(each))).toEqual([true, true])
})

it('holds four wires to one address by itself, and as many as wanted where they are asked for', () => {
  const room = createWireRoom(20_000)
  const all = Array.from({ length: 6 }, () => holderIn(room, v4(1), site()))
  expect(all.filter((each) => each.isHeld())).toHaveLength(4)
  expect(room.mayHold({ address: v4(1), check: { ...site(), tripwire: 'always' }, drop: () => false })).toBe(true)
  expect(room.mayHold({ address: v4(1), check: { ...site(), connection: 'kept' }, drop: () => false })).toBe(true)
  all[0]?.drop()
  expect(holderIn(room, v4(1), site()).isHeld()).toBe(true)
  expect(holderIn(room, v4(1), site()).isHeld()).toBe(false)
})

it('closes all', () => {
  const room = createWireRoom(20_000)
  const one = holderIn(room, v4(1), site())
  expect([room.dropAll(), one.isHeld(), room.dropAll()]).toEqual([true, false, false])
})
