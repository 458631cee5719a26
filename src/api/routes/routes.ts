import type { Route } from '../route.ts'
import { alertRoutes } from './alert-routes.ts'
import { chartRoutes } from './chart-routes.ts'
import { historyRoutes } from './history-routes.ts'
import { orderRoutes } from './order-routes.ts'
import { overviewRoutes } from './overview-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { siteRoutes } from './site-routes.ts'
import { stateRoutes } from './state-routes.ts'
import { statusRoutes } from './status-routes.ts'
import { webhookRoutes } from './webhook-routes.ts'

/** All that is served, besides the document about it. */
export const routes: readonly Route[] = [...stateRoutes, ...sessionRoutes, ...overviewRoutes, ...siteRoutes, ...orderRoutes, ...historyRoutes, ...chartRoutes, ...statusRoutes, ...webhookRoutes, ...alertRoutes]
