/**
 * `dns-failover`: the engine for programs that embed it. Load a config, compose it, and run each site once (`runOnce`) or until a
 * signal aborts (`runSite`); whoever writes holds the lock of the state directory meanwhile (`acquireLock`).
 */
export { type ComposeOptions, compose, type Composition } from './compose.ts'
export type { Log, LogFacts, LogLevel } from './compose/log.ts'
export { ProviderStartError } from './compose/start-provider.ts'
export type { Config } from './config/config.ts'
export { type LoadedBad, type LoadedConfig, type LoadedGood, loadConfig } from './config/load-config.ts'
export type { Problem } from './config/problem.ts'
export { renderProblems } from './config/render-problems.ts'
export type { NameServer, Resolution, ServerAnswer } from './core/answer.ts'
export type { Decision, Entry, Mode, Rule } from './core/decision.ts'
export type { GuardCode } from './core/guard.ts'
export type { Health } from './core/health.ts'
export type { Orders, Pause } from './core/orders.ts'
export type { CheckResult, FailureCause, LocalCause } from './core/result.ts'
export type { HealthCheck, Region, Site } from './core/site.ts'
export type { SiteState } from './core/site-state.ts'
export type { ServerReport, Verification } from './core/verification.ts'
export { systemClock } from './engine/clock.ts'
export type { AppliedChange, CycleOutcome, CycleResult } from './engine/cycle.ts'
export type { EngineEvent } from './engine/events.ts'
export { type OnceOptions, type OnceResult, runOnce } from './engine/once.ts'
export type {
  Authorities,
  Checker,
  CheckRequest,
  Clock,
  NameService,
  OrderBook,
  References,
  ServiceResolver,
  SitePorts,
  StateStore,
} from './engine/ports.ts'
export { defaultTiming, runSite, type SiteTiming, type Surroundings } from './engine/run-site.ts'
export * from './provider.ts'
export { acquireLock, type LockHolder, type LockOutcome } from './store/lock.ts'
export { StateError, type StateErrorCode } from './store/state-error.ts'
