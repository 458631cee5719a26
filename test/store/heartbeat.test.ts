import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { answerHealth, askHealth } from '../../src/store/heartbeat.ts'
import { makeFolder } from './folder.ts'

describe('the heartbeat', () => {
  it('answers who asks, as long as it beats', async () => {
    const dir = await makeFolder()
    expect(await askHealth(dir, 1_000)).toEqual({ kind: 'nobody' })
    let text = 'one'
    const heart = await answerHealth(dir, () => text)
    expect(await askHealth(dir, 1_000)).toEqual({ kind: 'answer', text: 'one' })
    text = 'two'
    expect(await askHealth(dir, 1_000)).toEqual({ kind: 'answer', text: 'two' })
    await heart?.close()
    expect(await askHealth(dir, 1_000)).toEqual({ kind: 'nobody' })
  })

  it('ends though somebody has asked and does not hang up', async () => {
    const dir = await makeFolder()
    const heart = await answerHealth(dir, () => 'well')
    const socket = connect({ path: join(dir, 'health.sock'), allowHalfOpen: true })
    await once(socket, 'connect')
    await once(socket.resume(), 'end')
    await heart?.close()
    socket.destroy()
  })

  it('is heard in a directory whose path is too long for a socket', async () => {
    const dir = join(await makeFolder(), 'x'.repeat(120))
    await mkdir(dir)
    const heart = await answerHealth(dir, () => 'well')
    expect(await askHealth(dir, 1_000)).toEqual({ kind: 'answer', text: 'well' })
    await heart?.close()
  })

  it('takes over the socket that a killed process left behind', async () => {
    const dir = await makeFolder()
    const dead = await answerHealth(dir, () => 'dead')
    const heart = await answerHealth(dir, () => 'alive')
    expect(await askHealth(dir, 1_000)).toEqual({ kind: 'answer', text: 'alive' })
    await heart?.close()
    await dead?.close()
  })
})
