import { connect } from 'node:net'

/** Whether somebody takes connections there. */
export const accepts = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host)
    socket.on('error', () => resolve(false)).on('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
