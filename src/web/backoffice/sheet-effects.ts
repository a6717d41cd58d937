// What a release would do, as its page shows it: one list at a time, chosen by the address, every text made on the server.

import type { App } from '#flows/app.ts'
import type { PriceSheetId } from '#kernel/ids.ts'
import { type Money, money } from '#kernel/money.ts'
import type { ProductChange } from '#modules/price-sheets'
import type { Staff } from '#modules/users'
import { browseProductChanges, browseRowChanges } from '#views/price-sheets/price-sheets.ts'
import {
  browseCustomerEffects,
  browseRenewalEffects,
  browseTouchedBaskets,
  type CustomerEffect,
  type RenewalEffectRow,
  type SimulationView,
  type TouchedBasket,
} from '#views/price-sheets/simulation.ts'
import { dayDisplay, momentDisplay, moneyDisplay, numberDisplay, percentDisplay } from '#web/format.ts'
import { changeShown } from './sheet-shown.ts'

export const effectLists = ['rows', 'products', 'renewals', 'customers', 'baskets'] as const
export type EffectList = (typeof effectLists)[number]

type Ask = { readonly id: PriceSheetId; readonly cursor: string | undefined; readonly limit: number }

export async function effectsShown(db: App['db'], actor: Staff, show: EffectList, ask: Ask) {
  switch (show) {
    case 'rows':
      return shownAs(show, await browseRowChanges(db, actor, ask), changeShown)
    case 'products':
      return shownAs(show, await browseProductChanges(db, actor, ask), productShown)
    case 'renewals':
      return shownAs(show, await browseRenewalEffects(db, actor, ask), renewalShown)
    case 'customers':
      return shownAs(show, await browseCustomerEffects(db, actor, ask), customerShown)
    case 'baskets':
      return shownAs(show, await browseTouchedBaskets(db, actor, ask), basketShown)
  }
}
export type EffectsShown = Awaited<ReturnType<typeof effectsShown>>

function shownAs<Show extends EffectList, Item, Shown>(
  show: Show,
  { items, nextCursor }: { items: readonly Item[]; nextCursor: string | undefined },
  shown: (item: Item) => Shown,
) {
  return { show, items: items.map(shown), nextCursor }
}

function productShown({ productCode, title, currency, ...product }: ProductChange) {
  const { marginBefore, marginAfter } = product
  return {
    key: `${productCode} ${currency}`,
    title,
    code: productCode,
    currency: currency as string,
    added: someOf(product.added),
    removed: someOf(product.removed),
    changed: someOf(product.changed),
    ...movedFrom(
      marginBefore === null ? undefined : percentDisplay(marginBefore),
      marginAfter === null ? undefined : percentDisplay(marginAfter),
      (marginAfter ?? 0) - (marginBefore ?? 0),
    ),
  }
}

function renewalShown(row: RenewalEffectRow) {
  return {
    id: row.id as string,
    name: row.name,
    about: `${row.number}, ${row.quantity} ${row.quantity === 1 ? 'licence' : 'licences'}`,
    customer: { id: row.endCustomer.id as string, name: row.endCustomer.name },
    endsOn: dayDisplay(row.endsOn),
    price: moneyMoved(row.before, row.after),
    margin: moneyMoved(row.marginBefore, row.marginAfter),
    problem: row.problem,
  }
}

function customerShown(effect: CustomerEffect) {
  const { customer, marginBefore, marginAfter } = effect
  return {
    key: `${customer.id} ${marginAfter.currency}`,
    customer: { id: customer.id as string, name: customer.name },
    renewals: numberDisplay(effect.renewals),
    problems: someOf(effect.problems),
    price: moneyMoved(effect.before, effect.after),
    margin: moneyMoved(marginBefore, marginAfter),
    difference: moneyDisplay(money(marginAfter.amountMinor - marginBefore.amountMinor, marginAfter.currency)),
  }
}

function basketShown({ id, account, buyer, items, updatedAt }: TouchedBasket) {
  return {
    id: id as string,
    account: { id: account.id as string, name: account.name },
    buyer,
    items: numberDisplay(items),
    updated: momentDisplay(updatedAt),
  }
}

const someOf = (count: number) => (count === 0 ? '' : numberDisplay(count))

/** Before and after; `isWorse`: it falls. */
type Moved = {
  readonly before: string | undefined
  readonly after: string | undefined
  readonly isWorse: boolean
}

function movedFrom(before: string | undefined, after: string | undefined, by: number | bigint): Moved {
  return { before: before === after ? undefined : before, after, isWorse: by < 0 }
}

function moneyMoved(before: Money | undefined, after: Money | undefined): Moved {
  return movedFrom(
    before && moneyDisplay(before),
    after && moneyDisplay(after),
    before && after ? after.amountMinor - before.amountMinor : 0,
  )
}

/** How far trying it out has come, and the counts above the lists. */
export function simulationShown(simulation: SimulationView | undefined) {
  if (!simulation) return undefined
  const { done, total, finishedAt, isStale } = simulation
  return {
    isRunning: simulation.state !== 'done',
    isStale,
    done,
    total,
    finished: finishedAt && momentDisplay(finishedAt),
    totalWords: numberDisplay(total),
    counts: [
      ['Renewals re-priced', numberDisplay(simulation.renewals)],
      ['Renewals without a price', numberDisplay(simulation.problems)],
      ['Open baskets re-priced', numberDisplay(simulation.baskets)],
    ] as [string, string][],
  }
}
