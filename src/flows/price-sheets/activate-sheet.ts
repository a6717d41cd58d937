// Puts a release in force, or the one before it again. States flip in one transaction and no row is touched: readers see the old prices
// or the new ones, and a roll-back brings the old ones back bit for bit. Products and plans follow in a job.
import { Refusal } from '#kernel/failure.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import { recordAudit } from '#modules/audit'
import { isPlanPublished } from '#modules/catalogue'
import {
  activate,
  consentToLosses,
  countLosses,
  type Losses,
  loadPriceSheet,
  lockActiveSheet,
  lockMarketOf,
  lockPriceSheet,
  type PriceSheet,
  savePriceSheet,
  supersede,
} from '#modules/price-sheets'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { refreshPlans } from '../catalogue/refresh-plans.ts'

type Needs = Pick<App, 'db' | 'now'>

type Activation = {
  readonly id: PriceSheetId
  /** The consent to leave out the rows that are wrong, by their number. */
  readonly leavingOut?: number | undefined
  /** The consent to what has a price now and would have none. */
  readonly confirmsLosses?: boolean | undefined
}

/** Activating what is active changes nothing. */
export async function activateSheet(app: Needs, actor: Actor, input: Activation): Promise<PriceSheet> {
  assertMay(actor, 'manage-prices')
  return transaction(app.db, sellerScope, async (tx) => {
    await lockMarketOf(tx, input.id)
    const sheet = await lockPriceSheet(tx, input.id)
    if (sheet.state === 'active') return sheet
    const next = activate(sheet, input.leavingOut, app.now())
    const current = await lockActiveSheet(tx, sheet)
    if (current)
      consentToLosses(await lossesOf(tx, sheet, current.id, app.now()), input.confirmsLosses === true)
    return putInForce(tx, app, actor, next, 'price-sheet/activated')
  })
}

/** Brings back the release that this active one took the place of. */
export async function rollBackSheet(
  app: Needs,
  actor: Actor,
  input: { readonly id: PriceSheetId },
): Promise<PriceSheet> {
  assertMay(actor, 'manage-prices')
  return transaction(app.db, sellerScope, async (tx) => {
    await lockMarketOf(tx, input.id)
    const sheet = await lockPriceSheet(tx, input.id)
    if (sheet.state !== 'active')
      throw new Refusal('price-sheet/not-active', 'Only the sheet in force can be rolled back.')
    if (!sheet.replacedId)
      throw new Refusal(
        'price-sheet/nothing-before',
        'There was no sheet before this one: nothing to go back to.',
      )
    const before = await lockPriceSheet(tx, sheet.replacedId)
    // Its wrong rows were consented to when it was activated first.
    const again = activate(before, before.faultCount, app.now())
    return putInForce(tx, app, actor, { ...again, replacedId: before.replacedId }, 'price-sheet/rolled-back')
  })
}

/** What activating it now would ask a consent for; nothing where it is in force. */
export async function previewLosses(
  app: Needs,
  actor: Actor,
  input: { readonly id: PriceSheetId },
): Promise<Losses> {
  assertMay(actor, 'manage-prices')
  return transaction(app.db, sellerScope, async (tx) => {
    const sheet = await loadPriceSheet(tx, input.id)
    const current = await lockActiveSheet(tx, sheet)
    if (!current || current.id === sheet.id) return { plans: 0, renewals: 0, baskets: 0 }
    return lossesOf(tx, sheet, current.id, app.now())
  })
}

function lossesOf(tx: Tx, sheet: PriceSheet, current: PriceSheetId, at: Temporal.Instant): Promise<Losses> {
  return countLosses(tx, sheet, { current, at, isPublished: isPlanPublished(tx) })
}

async function putInForce(
  tx: Tx,
  app: Needs,
  actor: Actor,
  next: PriceSheet,
  action: string,
): Promise<PriceSheet> {
  const at = app.now()
  const current = await lockActiveSheet(tx, next)
  if (current) await savePriceSheet(tx, supersede(current, at))
  const saved =
    action === 'price-sheet/activated' ? { ...next, replacedId: current?.id ?? next.replacedId } : next
  await savePriceSheet(tx, saved)
  if (saved.view === 'software') await enqueue(tx, refreshPlans, [{}])
  await recordAudit(tx, {
    at,
    actor,
    action,
    subjectType: 'price-sheet',
    subjectId: next.id,
    before: { inForce: current?.id ?? null },
    after: { inForce: next.id, market: next.market, view: next.view, month: next.month },
  })
  return saved
}
