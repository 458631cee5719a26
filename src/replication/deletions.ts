import { pullFile, stateFolder } from './place.ts'
import type { Server } from './server.ts'

const running = (others: string): string =>
  `While lsyncd runs: what is deleted here is deleted at ${others} with the next turn, a directory with all that is in it there. Of one that
  cannot be reached then lsyncd keeps it in mind, until it is started anew.`

/** What this server's part deletes or replaces, here and elsewhere, and when; and what it does not. */
export const deletionsOf = (server: Server): readonly string[] => {
  const { mode, user, writer } = server.replication
  const others = server.targets.join(' and ')
  const kept = `${stateFolder}/replaced`
  if (mode === 'two-way') {
    return [
      'At a start: nothing, neither here nor elsewhere. A file that is newer there replaces the one here, and the other way round.',
      running(others),
      `What was deleted here while lsyncd did not run, or elsewhere while this server was off, comes back from whoever still has it: delete it
  once more while all run.`,
    ]
  }
  if (server.isWriter) {
    return [
      `At a start: nothing. All that differs at ${others} is replaced by what is here; what only they have stays.`,
      running(others),
      `What was deleted here while lsyncd did not run stays there, until "pull exact yes" on that server.`,
    ]
  }
  return [
    `At a start: nothing. What differs from ${writer} is replaced by what ${writer} has, and kept in ${kept}; what only this server has
  stays.`,
    `While it runs: what is deleted at ${writer} while lsyncd runs there is deleted here, a directory with all that is in it, also what only
  this server had. What is changed at ${writer} replaces the file here, and that one is not kept.`,
    `What was deleted at ${writer} while its lsyncd did not run stays here, and so does what only this server has. To see what that is, and
  then to delete it (it is kept in ${kept}):

      runuser -u ${user} -- ${pullFile} exact
      runuser -u ${user} -- ${pullFile} exact yes`,
  ]
}
