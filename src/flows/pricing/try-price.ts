// The try-out of price rules: what a plan costs a customer in some country and currency, and why, without ordering anything and without
// keeping anything. The rate or the rule may be one that is only being typed.

import { isCountry } from '#kernel/countries.ts'
import { invalid } from '#kernel/failure.ts'
import { type AccountId, newId, type PlanId } from '#kernel/ids.ts'
import { type Currency, isCurrency, type Money, type Price } from '#kernel/money.ts'
import { dayOf } from '#kernel/time.ts'
import { findAccount } from '#modules/accounts'
import { MOST_QUANTITY, readQuantity } from '#modules/basket'
import type { NotForSale } from '#modules/catalogue'
import { loadLegalEntity } from '#modules/invoicing'
import {
  type ConversionInput,
  type ConversionRule,
  type FullExplanation,
  type PriceListRuleInput,
  type PriceRules,
  type PromotionInput,
  readConversion,
  readPriceListRule,
  readPromotion,
  readVolumeDiscount,
  type VolumeDiscountInput,
} from '#modules/pricing'
import { type Actor, assertMay } from '#modules/users'
import { asking, sellerScope } from '#platform/db.ts'
import type { App } from '../app.ts'
import { loadPriceBook } from '../ordering/price-book.ts'
import { tryOrders } from '../ordering/price-order.ts'

export type TriedPrice = {
  readonly sku: string
  readonly name: string
  readonly quantity: number
  readonly currency: Currency
  /** Of one licence for the whole term, after everything. */
  readonly unitPrice: Price
  readonly net: Money
  readonly unitCost: Price | undefined
  readonly cost: Money | undefined
  /** One per billing period; they add up to `net`. */
  readonly charges: readonly Money[]
  readonly explanation: FullExplanation
  /** An order would need an approval. */
  readonly isBelowCost: boolean
}

/** As it is being typed; where it comes from and when it begins makes no difference to a price. */
export type TriedRate = Pick<ConversionInput, 'baseCurrency' | 'rate' | 'market' | 'overridesSheet'> &
  Partial<ConversionInput>

/**
 * A rule that is only being typed, tried out in the place of those of its kind. What it is about, when it holds and what a customer must
 * have are left aside: the question is what it does to the plan that is asked about.
 */
export type TriedRule =
  | { readonly kind: 'price list rule'; readonly listName: string; readonly input: PriceListRuleInput }
  | { readonly kind: 'volume discount'; readonly input: VolumeDiscountInput }
  | { readonly kind: 'promotion'; readonly input: PromotionInput }

export type PriceTrial = {
  /** Where the customer is. */
  readonly country: string
  readonly currency: string
  readonly planId: PlanId
  readonly quantity: unknown
  /** Whose price list; without it the default one. */
  readonly billingToId?: AccountId | undefined
  /** A rate into the currency that is tried out instead of the one in force; `null`: as if there were none. */
  readonly conversion?: TriedRate | null | undefined
  readonly rule?: TriedRule | undefined
  readonly at?: Temporal.Instant | undefined
}

/** The price with its full explanation, costs included, or why there is none. */
export async function tryPrice(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: PriceTrial,
): Promise<TriedPrice | { readonly problem: NotForSale }> {
  assertMay(actor, 'manage-prices')
  assertMay(actor, 'see-costs')
  const place = readPlace(input)
  const at = input.at ?? app.now()
  return asking(app.db, sellerScope, async (tx) => {
    const seller = await loadLegalEntity(tx)
    const payer = input.billingToId && (await findAccount(tx, input.billingToId))
    if (input.billingToId && !payer)
      throw invalid({ pointer: '/billingToId', code: 'unknown', message: 'This account does not exist.' })
    const day = dayOf(at, seller.timeZone)
    const conversions = triedConversions(input, place.currency, day)
    const rulesWith = readTriedRule(input.rule, day)
    const inForce = await loadPriceBook(tx, {
      seller,
      payer: { ...place, vatNumber: undefined, ...(payer && { id: payer.id }) },
      planIds: [input.planId],
      customerIds: [],
      places: [place],
      at,
      conversions,
    })
    const book = { ...inForce, rules: rulesWith(inForce.rules) }
    const offer = book.offers.get(input.planId)
    const quantity = readQuantity(input.quantity, offer?.maxQuantity ?? MOST_QUANTITY, '/quantity')
    const customer = { ...place, id: newId<AccountId>(), name: 'the customer' }
    // Below its cost a trial has a price all the same: seeing it is what a trial is for.
    const approval = { by: '', at: at.toString(), reason: '' }
    const line = { planId: input.planId, quantity, isForResale: false, approval }
    const { orders, problems } = tryOrders(book, customer, [line], 'backoffice')
    const problem = problems.get(0)
    if (problem) return { problem }
    const [priced] = orders[0]?.quote.lines ?? []
    if (!offer || !priced) throw new Error('invariant broken: a line has a price or a problem')
    const { unitPrice, net, unitCost, cost, charges, isBelowCost } = priced
    const { belowCost: _nobodysApproval, ...explanation } = priced.explanation
    return {
      sku: offer.sku,
      name: offer.name,
      quantity,
      currency: net.currency,
      unitPrice,
      net,
      unitCost,
      cost,
      charges,
      explanation,
      isBelowCost,
    }
  })
}

function readPlace({ country, currency }: PriceTrial): { country: string; currency: Currency } {
  const place = { country: country.trim().toUpperCase(), currency: currency.trim().toUpperCase() }
  const faults = [
    ...(isCountry(place.country)
      ? []
      : [
          {
            pointer: '/country',
            code: 'unknown-country',
            message: `"${country}" is not a country code such as VE.`,
          },
        ]),
    ...(isCurrency(place.currency)
      ? []
      : [
          {
            pointer: '/currency',
            code: 'unknown-currency',
            message: `"${currency}" is not a currency of ISO 4217, such as VES.`,
          },
        ]),
  ]
  if (faults.length > 0) throw invalid(...faults)
  return { country: place.country, currency: place.currency as Currency }
}

/** The rules in force with the tried one in the place of those of its kind. */
function readTriedRule(
  tried: TriedRule | undefined,
  day: Temporal.PlainDate,
): (inForce: PriceRules) => PriceRules {
  const open = { validFrom: day.toString(), validTo: '' }
  const everything = { kind: 'all' } as const
  const alone = { id: newId(), validFrom: day, validTo: undefined, belowCost: undefined }
  switch (tried?.kind) {
    case undefined:
      return (inForce) => inForce
    case 'price list rule': {
      const rule = { ...readPriceListRule({ ...tried.input, ...open, scope: everything }), ...alone }
      const priceList = { ...alone, id: newId(), name: tried.listName, rules: [rule] }
      return (inForce) => ({ ...inForce, priceList })
    }
    case 'volume discount': {
      const name = tried.input.name.trim() || 'This volume discount'
      const discount = readVolumeDiscount({ ...tried.input, ...open, name, scope: everything })
      return (inForce) => ({ ...inForce, volumeDiscounts: [{ ...discount, ...alone }] })
    }
    case 'promotion': {
      const name = tried.input.name.trim() || 'This promotion'
      const promotion = readPromotion({
        ...tried.input,
        ...open,
        name,
        scopes: [everything],
        prerequisiteProductId: undefined,
        newCustomersOnly: false,
      })
      return (inForce) => ({ ...inForce, promotions: [{ ...promotion, ...alone }] })
    }
  }
}

/** Undefined: those in force. A rate that is being typed holds from the day it is tried out for, whenever it is to begin. */
function triedConversions(
  { conversion }: PriceTrial,
  currency: Currency,
  day: Temporal.PlainDate,
): ReadonlyMap<Currency, ConversionRule> | undefined {
  if (conversion === undefined) return undefined
  if (conversion === null) return new Map()
  const rule = readConversion(
    {
      ...conversion,
      currency,
      validFrom: day.toString(),
      source: conversion.source?.trim() || 'being tried out',
      note: '',
      isForInvoicesOnly: false,
    },
    day,
  )
  return new Map([[currency, { ...rule, market: rule.market ?? '', id: newId(), validTo: undefined }]])
}
