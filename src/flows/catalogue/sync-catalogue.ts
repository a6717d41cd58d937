// "Get Services Definition": reads the vendor's catalogue through one instance and brings plans up to date. It runs as a job;
// a screen follows it by the run. Nothing changes before the whole catalogue has been read.
import { Outage, Refusal } from '#kernel/failure.ts'
import type { InstanceId, ProductId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import {
  beginRun,
  type CatalogueChange,
  type CatalogueRun,
  type CatalogueRunId,
  compareCatalogue,
  completeRun,
  failRun,
  findOpenCatalogueRun,
  insertCatalogueChanges,
  insertCatalogueRun,
  insertPlans,
  insertProducts,
  listPlansOfInstance,
  listProductsByCode,
  lockCatalogueRun,
  newProduct,
  type Plan,
  queueRun,
  saveCatalogueRun,
  savePlans,
  saveProgress,
  type VendorEntry,
} from '#modules/catalogue'
import { type Instance, loadInstance, lockInstance } from '#modules/instances'
import { type Actor, assertMay, system } from '#modules/users'
import { reading, sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { openVendor } from '../provisioning/open-vendor.ts'
import { applySheets } from './plans-from-sheets.ts'

type Needs = Pick<App, 'db' | 'now' | 'secrets' | 'connectors' | 'log'>

/** Pauses before the second, third… try when the vendor is away; after the last one the run has failed. */
const pausesMs = [5_000, 20_000, 60_000, 180_000]
/** A run that has stood still so long was lost with its job. */
const LOST_AFTER = { hours: 1 }

/** Starts a run; while one is open, a second click is answered with it. */
export async function startCatalogueRun(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: { instanceId: InstanceId },
): Promise<CatalogueRun> {
  assertMay(actor, 'manage-catalogue')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const instance = await lockInstance(tx, input.instanceId)
    assertHasCatalogue(instance)
    const open = await findOpenCatalogueRun(tx, instance.id)
    if (open) {
      if (Temporal.Instant.compare((open.startedAt ?? open.queuedAt).add(LOST_AFTER), at) > 0) return open
      await saveCatalogueRun(tx, failRun(open, 'The run was interrupted and did not come back.', at))
    }
    const run = queueRun(instance.id, actor.name, at)
    await insertCatalogueRun(tx, run)
    await enqueue(tx, syncCatalogue, [{ runId: run.id, attempt: 0 }])
    await recordAudit(tx, {
      at,
      actor,
      action: 'catalogue/started',
      subjectType: 'instance',
      subjectId: instance.id,
      after: { runId: run.id },
    })
    return run
  })
}

function assertHasCatalogue(instance: Instance): void {
  if (instance.keySource === 'pool')
    throw new Refusal(
      'catalogue/pool-has-none',
      'A key pool has no catalogue: its products are made by hand.',
    )
  if (instance.state !== 'active')
    throw new Refusal(
      'state/instance-not-active',
      'Activate the instance first; then its catalogue can be fetched.',
    )
}

export const syncCatalogue = job(
  'sync-catalogue',
  async (app: Needs, { runId, attempt }: { runId: CatalogueRunId; attempt: number }) => {
    const begun = await transaction(app.db, sellerScope, async (tx) => {
      const run = await lockCatalogueRun(tx, runId)
      if (run.state === 'completed' || run.state === 'failed') return undefined
      const started = beginRun(run, app.now())
      await saveCatalogueRun(tx, started)
      return started
    })
    if (!begun) return
    try {
      const instance = await reading(app.db, sellerScope, (sql) => loadInstance(sql, begun.instanceId))
      if (sellsSubscriptions(app, instance))
        return await transaction(app.db, sellerScope, (tx) => applySheets(app, tx, { runId, instance }))
      const entries = await readCatalogue(app, begun)
      await transaction(app.db, sellerScope, (tx) => apply(app, tx, runId, entries))
    } catch (error) {
      await stumble(app, runId, attempt, error)
    }
  },
  { expireInSeconds: 900, concurrency: 2 },
)

/** Software has no catalogue of its own: its products and plans are those the price sheets name. */
export function sellsSubscriptions(
  app: Pick<App, 'connectors'>,
  instance: Pick<Instance, 'connector'>,
): boolean {
  return app.connectors.find((each) => each.code === instance.connector)?.sells === 'subscriptions'
}

async function readCatalogue(app: Needs, run: CatalogueRun): Promise<VendorEntry[]> {
  const vendor = await openVendor(app, run.instanceId)
  const bySku = new Map<string, VendorEntry>()
  for await (const page of vendor.catalogue()) {
    for (const entry of page.entries) if (!bySku.has(entry.sku)) bySku.set(entry.sku, entry)
    await transaction(app.db, sellerScope, (tx) => saveProgress(tx, run.id, bySku.size, page.total))
  }
  if (bySku.size === 0)
    throw new Refusal(
      'catalogue/empty',
      'The vendor answered an empty catalogue, so nothing was changed. Check country and language.',
    )
  return [...bySku.values()]
}

async function apply(
  app: Needs,
  tx: Tx,
  runId: CatalogueRunId,
  entries: readonly VendorEntry[],
): Promise<void> {
  const run = await lockCatalogueRun(tx, runId)
  if (run.state !== 'running') return
  const at = app.now()
  const instance = await loadInstance(tx, run.instanceId)
  const known = await listPlansOfInstance(tx, instance.id)
  const { changes, seen, unchanged } = compareCatalogue(known, entries, instance.market?.language ?? '')

  const added = changes.filter((each) => each.change === 'new')
  await insertPlans(tx, await newPlans(tx, instance, added, at))
  const bySku = new Map(known.map((plan) => [plan.sku, plan]))
  const changed = changes.flatMap((each) => {
    const plan = bySku.get(each.sku)
    return plan ? [changedPlan(plan, each, instance, at)] : []
  })
  await savePlans(tx, changed)
  await insertCatalogueChanges(tx, runId, changes)
  await saveCatalogueRun(tx, completeRun(run, { seen, unchanged }, at))
  await recordAudit(tx, {
    at,
    actor: system('catalogue'),
    action: 'catalogue/applied',
    subjectType: 'instance',
    subjectId: instance.id,
    after: { runId, seen, unchanged, new: added.length, changed: changed.length },
  })
}

/** Plans of SKUs we did not have, and hidden products for those no other instance has brought before. */
async function newPlans(
  tx: Tx,
  instance: Instance,
  added: readonly CatalogueChange[],
  at: Temporal.Instant,
): Promise<Plan[]> {
  const { connector, market } = instance
  await insertProducts(
    tx,
    added.flatMap(({ entry }) =>
      entry
        ? [newProduct({ connector, code: entry.sku, name: entry.name, description: entry.description }, at)]
        : [],
    ),
  )
  const products = await listProductsByCode(
    tx,
    connector,
    added.map((each) => each.sku),
  )
  const idOf = new Map<string, ProductId>(products.map((product) => [product.code, product.id]))
  return added.flatMap(({ entry, planId, sku }) => {
    const productId = idOf.get(sku)
    if (!entry || !productId) return []
    return [
      {
        id: planId,
        productId,
        instanceId: instance.id,
        sku,
        vendorName: entry.name,
        vendorDescription: entry.description,
        upc: entry.upc,
        language: market?.language ?? '',
        country: market?.country ?? '',
        fulfilmentType: entry.fulfilmentType,
        isReturnable: entry.isReturnable,
        vendorState: 'active' as const,
        software: undefined,
        minQuantity: 1,
        maxQuantity: 100,
        allowsZero: false,
        isWithheld: false,
        createdAt: at,
        updatedAt: at,
      },
    ]
  })
}

function changedPlan(plan: Plan, { entry }: CatalogueChange, instance: Instance, at: Temporal.Instant): Plan {
  if (!entry) return { ...plan, vendorState: 'discontinued', updatedAt: at }
  return {
    ...plan,
    vendorName: entry.name,
    vendorDescription: entry.description,
    upc: entry.upc,
    language: instance.market?.language ?? plan.language,
    fulfilmentType: entry.fulfilmentType,
    isReturnable: entry.isReturnable,
    vendorState: entry.isDiscontinued ? 'discontinued' : 'active',
    updatedAt: at,
  }
}

/** The vendor is away: again after a pause. It said no, or was away too often: the run has failed and says why. */
async function stumble(app: Needs, runId: CatalogueRunId, attempt: number, error: unknown): Promise<void> {
  if (!(error instanceof Outage) && !(error instanceof Refusal)) {
    app.log.error({ err: error, runId }, 'a catalogue run broke')
    await end(app, runId, 'Something broke on our side. It has been logged; nothing was changed.')
    throw error
  }
  const pauseMs = pausesMs[attempt]
  if (error instanceof Refusal) return end(app, runId, error.message)
  if (pauseMs === undefined)
    return end(app, runId, `${error.message} It was tried ${attempt + 1} times; start it again later.`)
  await transaction(app.db, sellerScope, async (tx) => {
    const run = await lockCatalogueRun(tx, runId)
    if (run.state !== 'running') return
    await saveCatalogueRun(tx, { ...run, error: `${error.message} It is tried again by itself.` })
    const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0)
    await enqueue(tx, syncCatalogue, [{ runId, attempt: attempt + 1 }], {
      startAfter: app.now().add({ milliseconds: waitMs }),
    })
  })
}

async function end(app: Needs, runId: CatalogueRunId, reason: string): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    const run = await lockCatalogueRun(tx, runId)
    if (run.state === 'running') await saveCatalogueRun(tx, failRun(run, reason, app.now()))
  })
}
