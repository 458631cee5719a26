import { hostname, userInfo } from 'node:os'

/** A user without a name, as in some containers, is told by number. */
const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

/** Who gives an order, for people. */
export const whoami = (env: NodeJS.ProcessEnv): string => `${env['SUDO_USER'] ?? userName()} on ${hostname()}`
