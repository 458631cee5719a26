import { createServer } from 'node:net'
import { stateFolder } from './places.mjs'
import { LabError } from './run.mjs'

/** A name in the kernel's memory, not a file: it is free again once whoever holds it is gone, however that ended. */
const name = `\0${stateFolder}`

const take = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)))
    server.listen(name, () => {
      server.unref()
      resolve(true)
    })
  })

/** One at a time builds or razes a lab of this name: until this process ends, no other can. Waits so long for its turn. */
export const lockLab = async (withinMs = 0) => {
  const deadline = performance.now() + withinMs
  while (!(await take())) {
    if (performance.now() >= deadline) throw new LabError('another "up" or "down" of this lab is at work', { exitCode: 3 })
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
