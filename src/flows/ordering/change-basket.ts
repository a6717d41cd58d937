// Everything one can do to a basket before it is ordered: take items out, say for whom they are, give the service details.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { AccountId, BasketId, BasketItemId } from '#kernel/ids.ts'
import { lineFaults } from '#kernel/text.ts'
import { dayOf } from '#kernel/time.ts'
import {
  applyingOptions,
  checkOptions,
  effectiveOptions,
  findSyncOptions,
  loadAccounts,
  mayBuyFor,
  missingOptions,
  takeOptions,
} from '#modules/accounts'
import {
  assertOpen,
  type Basket,
  type BasketItem,
  deleteItems,
  ESD_CHANGE_WARNING,
  listItems,
  lockBasket,
  readQuantity,
  assignItems as saveAssignment,
  saveQuantity,
  saveReference,
  saveSeenPrices,
  saveServiceDetails,
} from '#modules/basket'
import { listOffers } from '#modules/catalogue'
import { assertMay, type Portal, scopeOf } from '#modules/users'
import { type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { loadBasketBook, priceItems, renewSeenPrices } from './price-basket.ts'
import type { PriceBook } from './price-book.ts'
import { tellOfUnpriced } from './tell-of-unpriced.ts'

type Change<Result> = {
  readonly result: Result
  /** Items that have a new price because of what the buyer did; the others keep the price they were seen at. */
  readonly renewed?: (item: BasketItem, book: PriceBook) => boolean
}

/** Changes a basket and keeps the prices its buyer is shown afterwards as seen: volume discounts count over all of it. */
async function change<Result>(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  basketId: BasketId,
  work: (tx: Tx, basket: Basket, items: readonly BasketItem[]) => Promise<Change<Result>>,
): Promise<Result> {
  assertMay(actor, 'buy')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const basket = await lockOwn(tx, actor, basketId)
    const before = await listItems(tx, basket.id)
    const { result, renewed } = await work(tx, basket, before)
    const quote = await renewSeenPrices(tx, basket, before, app.now(), renewed)
    await tellOfUnpriced(tx, app, basket, quote.problems.values())
    return result
  })
}

async function lockOwn(tx: Tx, actor: Portal, basketId: BasketId): Promise<Basket> {
  const basket = await lockBasket(tx, basketId)
  if (basket.userId !== actor.userId) throw new Refusal('basket/not-found', 'This basket does not exist.')
  assertOpen(basket)
  return basket
}

/** Removing what is gone already is no mistake. */
export async function removeItems(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  input: { basketId: BasketId; itemIds: readonly BasketItemId[] },
): Promise<number> {
  return change(app, actor, input.basketId, async (tx, basket) => ({
    result: await deleteItems(tx, basket.id, input.itemIds),
  }))
}

/** "Change" of an item's quantity; ESD licences refuse it with the warning of E3 and nothing else. */
export async function changeQuantity(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  input: { basketId: BasketId; itemId: BasketItemId; quantity: unknown },
): Promise<void> {
  await change(app, actor, input.basketId, async (tx, basket, items) => {
    const item = items.find(({ id }) => id === input.itemId)
    if (!item) throw new Refusal('basket-item/not-found', 'This item is no longer in the basket.')
    const offer = (await listOffers(tx, [item.planId], basket.currency)).get(item.planId)
    if (offer?.kind === 'esd') throw new Refusal('basket/esd-quantity-is-fixed', ESD_CHANGE_WARNING)
    const quantity = readQuantity(
      input.quantity,
      offer?.maxQuantity ?? 1,
      '/quantity',
      offer?.minQuantity ?? 1,
    )
    await saveQuantity(tx, basket.id, item.id, quantity)
    return { result: undefined }
  })
}

export type Assignment = {
  readonly itemIds: readonly BasketItemId[]
  readonly isForResale: boolean
  /** Undefined where the customer is chosen later. */
  readonly endCustomerId?: AccountId | undefined
}

/**
 * Says which items are for reselling and to whom (E4); several end customers may share a basket. Software is priced for whom it is: the
 * applicable price takes the place of the indicative one, which stays beside it to be compared (S2).
 */
export async function assignItems(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  input: { basketId: BasketId; assignments: readonly Assignment[] },
): Promise<void> {
  await change(app, actor, input.basketId, async (tx, basket) => {
    const customerIds = [...new Set(input.assignments.flatMap(({ endCustomerId }) => endCustomerId ?? []))]
    const accounts = await loadAccounts(tx, [actor.accountId, ...customerIds])
    const buyer = accounts.find(({ id }) => id === actor.accountId)
    for (const [index, assignment] of input.assignments.entries()) {
      if (assignment.isForResale && actor.accountKind !== 'reseller')
        throw new Refusal('basket/not-a-reseller', 'Only a reseller buys for other companies.')
      const customer = accounts.find(({ id }) => id === assignment.endCustomerId)
      if (assignment.endCustomerId && (!customer || !buyer || !mayBuyFor(buyer, customer)))
        throw new Refusal('account/not-found', 'This customer does not exist.', {}, [
          {
            pointer: `/assignments/${index}/endCustomerId`,
            code: 'not-found',
            message: 'Choose one of your customers.',
          },
        ])
      const touched = await saveAssignment(tx, basket.id, assignment.itemIds, {
        isForResale: assignment.isForResale,
        endCustomerId: assignment.endCustomerId === actor.accountId ? undefined : assignment.endCustomerId,
      })
      if (touched !== new Set(assignment.itemIds).size)
        throw new Refusal(
          'basket-item/not-found',
          'An item is no longer in the basket. Look at the basket again.',
        )
    }
    const touched = new Set(input.assignments.flatMap(({ itemIds }) => itemIds))
    return {
      result: undefined,
      renewed: (item, book) => touched.has(item.id) && book.offers.get(item.planId)?.software !== undefined,
    }
  })
}

/** Service details typed during a checkout (E5); they become sync options when the order is placed. */
export async function giveServiceDetails(
  app: Pick<App, 'db' | 'now' | 'connectors'>,
  actor: Portal,
  input: {
    basketId: BasketId
    accountId: AccountId
    connector: string
    options: Readonly<Record<string, string>>
    pointer?: string
  },
): Promise<void> {
  assertMay(actor, 'buy')
  await transaction(app.db, scopeOf(actor), async (tx) => {
    const basket = await lockOwn(tx, actor, input.basketId)
    const connector = app.connectors.find(({ code }) => code === input.connector)
    if (!connector) throw new Refusal('connector/not-found', 'There is no such service.')
    const [account] = await loadAccounts(tx, [input.accountId])
    if (!account)
      throw new Refusal('account/not-found', 'This customer does not exist.', { id: input.accountId })
    const known = applyingOptions(connector.syncOptions, account).filter((option) => option.isInStorefront)
    const stored = await findSyncOptions(tx, account.id, input.connector)
    const typed = takeOptions(known, input.options, dayOf(app.now()), input.pointer)
    // What is left blank and has a value or a preset is not asked for.
    const values = Object.fromEntries(
      known.flatMap((option) => {
        const value = typed[option.id] ?? ''
        const isKnown = stored[option.id] || option.preset?.(account)
        return value === '' && isKnown ? [] : [[option.id, value]]
      }),
    )
    const faults = checkOptions(known, values, input.pointer ?? '')
    if (faults.length > 0) throw invalid(...faults)
    if (
      missingOptions(known, effectiveOptions(known, { ...values, ...stored }, account), 'storefront').length >
      0
    )
      throw new Refusal('input/invalid', 'Fill in the service details.')
    await saveServiceDetails(tx, basket.id, {
      accountId: input.accountId,
      connector: input.connector,
      options: values,
    })
  })
}

export async function giveReference(
  app: Pick<App, 'db'>,
  actor: Portal,
  input: { basketId: BasketId; reference: string },
): Promise<void> {
  const reference = input.reference.replace(/\s+/g, ' ').trim()
  if (reference.length > 100)
    throw invalid({
      pointer: '/reference',
      code: 'too-long',
      message: 'Your reference has up to 100 characters.',
    })
  const faults = lineFaults(reference, '/reference', 'Your reference')
  if (faults.length > 0) throw invalid(...faults)
  assertMay(actor, 'buy')
  await transaction(app.db, scopeOf(actor), async (tx) =>
    saveReference(tx, (await lockOwn(tx, actor, input.basketId)).id, reference),
  )
}

/** The buyer has been shown today's prices and goes on with them. */
export async function acceptPrices(
  app: Pick<App, 'db' | 'now'>,
  actor: Portal,
  basketId: BasketId,
): Promise<void> {
  assertMay(actor, 'buy')
  await transaction(app.db, scopeOf(actor), async (tx) => {
    const basket = await lockOwn(tx, actor, basketId)
    const items = await listItems(tx, basket.id)
    const quote = priceItems(await loadBasketBook(tx, basket, items, app.now()), items)
    const seen = [...quote.items].map(([id, { unitPrice }]) => ({ id, seenPrice: unitPrice }))
    await saveSeenPrices(tx, basket.id, seen, app.now())
  })
}
