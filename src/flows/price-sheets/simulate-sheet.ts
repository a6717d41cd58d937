// Tries a release out before it is in force (product.md section 4): every renewing subscription it touches is priced with the sheet in force
// and with this one, through the same engine as the renewal itself. Reads only; a job does it in small steps, so that memory stays flat
// and whoever waits sees how far it is. Begun again it begins from the first subscription.
import { Refusal } from '#kernel/failure.ts'
import type { PriceSheetId, SubscriptionId } from '#kernel/ids.ts'
import { lineTotal } from '#kernel/money.ts'
import { recordAudit } from '#modules/audit'
import {
  appendRenewals,
  beginSimulation,
  compareSheets,
  countTouched,
  deleteSimulation,
  findSimulation,
  finishSimulation,
  insertSimulation,
  listTouched,
  lockActiveSheet,
  lockMarketOf,
  lockPriceSheet,
  lockSimulation,
  lookedAtFor,
  type PriceSheet,
  type RenewalEffect,
  savePriceSheet,
} from '#modules/price-sheets'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue, job } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { type NextPrice, priceNextTerms } from '../subscriptions/price-next-term.ts'

const AT_ONCE = 200
/** One that has not ended after so many hours never will. */
const PATIENCE = 2

type Needs = Pick<App, 'db' | 'now'>

/** "Try out again": against what is in force now. */
export async function requestSimulation(
  app: Needs,
  actor: Actor,
  input: { readonly id: PriceSheetId },
): Promise<void> {
  assertMay(actor, 'manage-prices')
  await transaction(app.db, sellerScope, async (tx) => {
    await lockMarketOf(tx, input.id)
    const sheet = await lockPriceSheet(tx, input.id)
    const current = await lockActiveSheet(tx, sheet)
    if (sheet.state !== 'checked' && sheet.state !== 'superseded')
      throw new Refusal(
        'price-sheet/not-to-be-tried',
        'Only a sheet that was read and is not in force can be tried out.',
      )
    if (!current)
      throw new Refusal(
        'price-sheet/nothing-in-force',
        'No sheet of this market is in force: there is nothing to compare with.',
      )
    const before = await findSimulation(tx, sheet.id)
    const isUnderWay = before && before.state !== 'done'
    if (isUnderWay && Temporal.Instant.compare(before.requestedAt.add({ hours: PATIENCE }), app.now()) > 0)
      throw new Refusal('price-sheet/being-tried', 'This sheet is being tried out already.')
    await enqueueSimulation(tx, app, actor, { id: sheet.id, against: current.id })
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'price-sheet/tried-out',
      subjectType: 'price-sheet',
      subjectId: sheet.id,
      after: { against: current.id },
    })
  })
}

export async function enqueueSimulation(
  tx: Tx,
  app: Pick<App, 'now'>,
  actor: Actor,
  { id, against }: { readonly id: PriceSheetId; readonly against: PriceSheetId },
): Promise<void> {
  await insertSimulation(tx, id, { against, requestedBy: actor.name, requestedAt: app.now() })
  await enqueue(tx, simulateSheet, [{ id }])
}

export const simulateSheet = job(
  'simulate-price-sheet',
  async (app: Needs, { id }: { id: PriceSheetId }, { signal }) => {
    const sheet = await begin(app, id)
    if (!sheet) return
    let so: Progress | undefined = { after: undefined, done: 0 }
    while (so && !signal?.aborted) so = await step(app, sheet, so)
  },
  {
    expireInSeconds: 3600,
    concurrency: 1,
    mayBeStopped: true,
    whenStopped: (tx, { id }) => deleteSimulation(tx, id),
  },
)

/** Undefined where there is nothing to try out any more. */
async function begin(app: Needs, id: PriceSheetId): Promise<PriceSheet | undefined> {
  return transaction(app.db, sellerScope, async (tx) => {
    await lockMarketOf(tx, id)
    const sheet = await lockPriceSheet(tx, id)
    const current = await lockActiveSheet(tx, sheet)
    const asked = await findSimulation(tx, id)
    if (!asked || asked.state === 'done') return undefined
    // It came into force meanwhile. Rolled back, it can be tried out again.
    if (!current || current.id === id) {
      await deleteSimulation(tx, id)
      return undefined
    }
    // Another release came into force since it was read.
    if (sheet.comparison?.against !== current.id)
      await savePriceSheet(tx, {
        ...sheet,
        comparison: await compareSheets(tx, id, current.id, lookedAtFor(sheet, app.now())),
      })
    await beginSimulation(tx, id, { against: current.id, total: await countTouched(tx, sheet) })
    return sheet
  })
}

/** How far one run has come: the last subscription it looked at, and how many that were. */
type Progress = { readonly after: SubscriptionId | undefined; readonly done: number }

/**
 * Answers how far it is then; undefined when it is finished, or when another run has begun again from the first subscription (a job that
 * was taken for dead, and is not): that one goes on, and this one leaves it alone.
 */
async function step(app: Needs, sheet: PriceSheet, { after, done }: Progress): Promise<Progress | undefined> {
  return transaction(app.db, sellerScope, async (tx) => {
    // The sheet before what is found out about it, as everywhere: what is written refers to it.
    await lockPriceSheet(tx, sheet.id)
    const now = await lockSimulation(tx, sheet.id)
    if (now?.state !== 'running' || now.done !== done) return undefined
    const touched = await listTouched(tx, sheet, { after, limit: AT_ONCE })
    if (touched.length === 0) {
      await finishSimulation(tx, sheet.id, app.now())
      return undefined
    }
    const at = lookedAtFor(sheet, app.now())
    const before = await priceNextTerms(tx, touched, at)
    const then = await priceNextTerms(tx, touched, at, sheet.id)
    const effects = touched.flatMap((subscription): RenewalEffect[] => {
      const old = before.get(subscription.id)
      const next = then.get(subscription.id)
      const currency = (next?.item ?? old?.item)?.net.currency
      if (!old || !next || !currency) return []
      const effect = {
        subscription,
        currency,
        before: amountsOf(old),
        after: amountsOf(next),
        problem: next.problem?.message,
      }
      return isSame(effect) ? [] : [effect]
    })
    await appendRenewals(tx, sheet.id, effects, touched.length)
    return { after: touched.at(-1)?.id, done: done + touched.length }
  })
}

function amountsOf({ item }: NextPrice): RenewalEffect['before'] {
  return {
    net: item?.net.amountMinor,
    cost: item?.unitCost && lineTotal(item.unitCost, item.quantity).amountMinor,
  }
}

function isSame({ before, after }: Pick<RenewalEffect, 'before' | 'after'>): boolean {
  return before.net === after.net && before.cost === after.cost
}
