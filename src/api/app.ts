import { type Context, Hono } from 'hono'
import { createJsonBodies } from './json-body.ts'
import { nothingHere } from './nothing-here.ts'
import { respond } from './respond.ts'
import { type Answer, problem, type Route } from './route.ts'
import { type AppEnv, type AppState, hasBody, instanceOf, serveRoute, withoutRoute } from './serve-route.ts'

const faultOf = (state: AppState, context: Context<AppEnv>, error: unknown): Answer => {
  if (state.closing.aborted) {
    return problem({ status: 503, code: 'closing', detail: 'the service is about to end; whether this was done is not known', headers: { 'retry-after': '5' } })
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  state.parts.log('error', `a fault of this program's own while it answered ${context.req.method} ${instanceOf(context)}: ${text}`)
  return problem({ status: 500, code: 'internal', detail: 'a fault of the program itself; its log says more' })
}

/** The routes as a hono app. */
export const createApp = (state: AppState, routes: readonly Route[]): Hono<AppEnv> => {
  const app = new Hono<AppEnv>()
  const jsonBody = createJsonBodies()
  const send = (context: Context<AppEnv>, answer: Answer): Response => {
    const { incoming, outgoing } = context.env
    // What was not read of a body must not be taken for the next request, nor waited for.
    if (state.closing.aborted || (!incoming.complete && hasBody(incoming))) outgoing.setHeader('connection', 'close')
    return respond(answer, jsonBody, instanceOf(context), String(incoming.headers['accept-encoding'] ?? ''), outgoing)
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const here = routes.filter((route) => route.path === path)
    const allow = here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
    app.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), async (context) => {
      const { method = '' } = context.env.incoming
      const route = here.find((each) => each.method === (method === 'HEAD' ? 'GET' : method))
      if (route !== undefined) {
        const since = state.parts.now()
        const answer = await serveRoute(state, route, context).catch((error: unknown) => faultOf(state, context, error))
        const response = send(context, answer)
        // The response itself has gone out by another way.
        state.parts.onServed?.({ route: route.path, method: route.method, status: context.env.outgoing.statusCode, ms: state.parts.now() - since })
        return response
      }
      return send(context, withoutRoute(state, context, problem({ status: 405, code: 'method-not-allowed', detail: `there is no ${method} here`, advice: `there is ${allow}`, headers: { allow } })))
    })
  }
  app.notFound((context) => send(context, withoutRoute(state, context, nothingHere)))
  app.onError((error, context) => send(context, faultOf(state, context, error)))
  return app
}
