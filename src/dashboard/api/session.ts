import type { Answer } from './problem.ts'
import { request } from './request.ts'
import type { SessionView } from './views.ts'

const path = 'api/v1/session'

export const readSession = (): Promise<Answer<SessionView>> => request(path)

export const signIn = (token: string): Promise<Answer<SessionView>> => request(path, { method: 'POST', body: { token } })

export const signOut = (): Promise<Answer<SessionView>> => request(path, { method: 'DELETE' })
