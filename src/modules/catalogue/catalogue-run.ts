// "Get Services Definition": one run reads the vendor's whole catalogue through one instance and says what is new, changed
// and discontinued since the last. It decides about plans; the shop's wording is never its business.
import { type Id, type InstanceId, newId, type PlanId } from '#kernel/ids.ts'
import { type Moves, move } from '#kernel/moves.ts'
import type { FulfilmentType, Plan } from './product.ts'

export type CatalogueRunId = Id<'catalogue run'>
export type CatalogueRunState = 'queued' | 'running' | 'completed' | 'failed'

export const catalogueRunMoves = {
  // A run whose worker was killed begins again: it reads everything before it changes anything.
  begin: { from: ['queued', 'running'], to: 'running' },
  complete: { from: ['running'], to: 'completed' },
  fail: { from: ['queued', 'running'], to: 'failed' },
} as const satisfies Moves<CatalogueRunState, string>

export type CatalogueRun = {
  readonly id: CatalogueRunId
  readonly instanceId: InstanceId
  readonly state: CatalogueRunState
  readonly startedBy: string
  readonly queuedAt: Temporal.Instant
  readonly startedAt: Temporal.Instant | undefined
  readonly endedAt: Temporal.Instant | undefined
  readonly seen: number
  readonly total: number | undefined
  readonly unchanged: number
  /** Why it failed, or why it waits to try again, in plain words. */
  readonly error: string | undefined
}

export function queueRun(instanceId: InstanceId, startedBy: string, at: Temporal.Instant): CatalogueRun {
  return {
    id: newId(),
    instanceId,
    state: 'queued',
    startedBy,
    queuedAt: at,
    startedAt: undefined,
    endedAt: undefined,
    seen: 0,
    total: undefined,
    unchanged: 0,
    error: undefined,
  }
}

export function beginRun(run: CatalogueRun, at: Temporal.Instant): CatalogueRun {
  return {
    ...run,
    state: move(catalogueRunMoves, run.state, 'begin'),
    startedAt: run.startedAt ?? at,
    seen: 0,
    total: undefined,
  }
}

export function completeRun(
  run: CatalogueRun,
  counts: { seen: number; unchanged: number },
  at: Temporal.Instant,
): CatalogueRun {
  return {
    ...run,
    state: move(catalogueRunMoves, run.state, 'complete'),
    endedAt: at,
    seen: counts.seen,
    total: counts.seen,
    unchanged: counts.unchanged,
    error: undefined,
  }
}

export function failRun(run: CatalogueRun, error: string, at: Temporal.Instant): CatalogueRun {
  return { ...run, state: move(catalogueRunMoves, run.state, 'fail'), endedAt: at, error }
}

/** What the vendor says of one SKU. */
export type VendorEntry = {
  readonly sku: string
  readonly upc: string
  readonly name: string
  readonly description: string
  readonly fulfilmentType: FulfilmentType
  readonly isReturnable: boolean
  readonly isDiscontinued: boolean
}

export type Differences = Readonly<
  Record<string, { readonly before: string | boolean; readonly after: string | boolean }>
>

export type CatalogueChange = {
  readonly change: 'new' | 'changed' | 'discontinued'
  readonly planId: PlanId
  readonly sku: string
  /** What the vendor says now; undefined for a plan the catalogue no longer names. */
  readonly entry: VendorEntry | undefined
  readonly differences: Differences
}

function differencesOf(plan: Plan, entry: VendorEntry, language: string): Differences {
  const pairs: readonly (readonly [string, string | boolean, string | boolean])[] = [
    ['name', plan.vendorName, entry.name],
    ['description', plan.vendorDescription, entry.description],
    ['upc', plan.upc, entry.upc],
    ['fulfilmentType', plan.fulfilmentType ?? '', entry.fulfilmentType],
    ['isReturnable', plan.isReturnable, entry.isReturnable],
    ['language', plan.language ?? '', language],
    ['vendorState', plan.vendorState, entry.isDiscontinued ? 'discontinued' : 'active'],
  ]
  return Object.fromEntries(
    pairs
      .filter(([, before, after]) => before !== after)
      .map(([field, before, after]) => [field, { before, after }]),
  )
}

/**
 * Compares the vendor's complete catalogue with the plans of the instance. A SKU that is new and already discontinued is
 * left out: nobody could buy it. A plan the catalogue no longer names is discontinued.
 */
export function compareCatalogue(
  known: readonly Plan[],
  entries: readonly VendorEntry[],
  language: string,
): { changes: CatalogueChange[]; seen: number; unchanged: number } {
  const plans = new Map(known.map((plan) => [plan.sku, plan]))
  const named = new Map(entries.map((entry) => [entry.sku, entry]))
  const changes: CatalogueChange[] = []
  let unchanged = 0
  for (const entry of named.values()) {
    const plan = plans.get(entry.sku)
    if (!plan) {
      if (!entry.isDiscontinued)
        changes.push({ change: 'new', planId: newId(), sku: entry.sku, entry, differences: {} })
      continue
    }
    const differences = differencesOf(plan, entry, language)
    if (Object.keys(differences).length === 0) unchanged += 1
    else {
      const isNowGone = plan.vendorState === 'active' && entry.isDiscontinued
      changes.push({
        change: isNowGone ? 'discontinued' : 'changed',
        planId: plan.id,
        sku: plan.sku,
        entry,
        differences,
      })
    }
  }
  for (const plan of known) {
    if (named.has(plan.sku) || plan.vendorState === 'discontinued') continue
    const differences = { vendorState: { before: 'active', after: 'discontinued' } }
    changes.push({ change: 'discontinued', planId: plan.id, sku: plan.sku, entry: undefined, differences })
  }
  return { changes, seen: named.size, unchanged }
}
