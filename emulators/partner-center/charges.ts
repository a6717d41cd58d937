// What the partner will be invoiced: written down when it is agreed, dated for the day it falls due (partner-center.md 14).

import { addMonths, billingPeriods, DAY_MS, monthsOfTerm } from './clock.ts'
import type { Charge, Order, OrderLine } from './records.ts'
import { iso, type World } from './world.ts'

const cents = (amount: number) => Math.round(amount * 100) / 100
const ofLine = (order: Order, line: OrderLine) => line.subscriptionId ?? `${order.id}:${line.lineItemNumber}`

function baseOf(order: Order, line: OrderLine): Omit<Charge, 'id' | 'at' | 'chargeType' | 'subtotal'> {
  return {
    of: ofLine(order, line),
    customerId: order.customerId,
    orderId: order.id,
    orderedAt: order.createdAt,
    catalogItemId: line.catalogItemId,
    skuName: line.productTitle,
    unitPrice: line.pricing?.price ?? 0,
    quantity: line.orderedQuantity,
    currency: line.currencyCode,
    subscriptionId: line.subscriptionId ?? '',
    subscriptionStartDate: '',
    subscriptionEndDate: '',
    chargeStartDate: '',
    chargeEndDate: '',
    termAndBillingCycle: '',
    billingFrequency: '',
    resellerMpnId: line.participants.find((each) => each.key === 'transaction_reseller')?.value ?? '',
    promotionId: line.promotionId,
  }
}

function write(world: World, charge: Omit<Charge, 'id'>): void {
  const id = `${charge.of}:${charge.chargeType}:${charge.at}`
  world.store.save('charge', id, { ...charge, id }, { owner: charge.of })
}

/** Every billing period of a term, the later ones on the days they begin. */
export function chargeForTerm(
  world: World,
  given: { order: Order; line: OrderLine; start: number; term: string; chargeType: 'new' | 'renew' },
): void {
  const { order, line, term } = given
  const start = new Date(given.start)
  const base = baseOf(order, line)
  const periods = billingPeriods(term, line.billingCycle)
  const months = monthsOfTerm(term) / periods
  const endOf = (from: Date, count: number) => iso(addMonths(from, count).getTime() - DAY_MS)
  for (let period = 0; period < periods; period += 1) {
    const from = addMonths(start, months * period)
    write(world, {
      ...base,
      at: from.getTime(),
      chargeType: period === 0 ? given.chargeType : 'cycleCharge',
      subtotal: cents(base.unitPrice * base.quantity),
      ...(term
        ? {
            subscriptionStartDate: iso(start),
            subscriptionEndDate: endOf(start, monthsOfTerm(term)),
            chargeStartDate: iso(from),
            chargeEndDate: endOf(start, months * (period + 1)),
            termAndBillingCycle: `${term}-${line.billingCycle}`,
            billingFrequency: periods > 1 ? line.billingCycle : '',
          }
        : { chargeStartDate: iso(start) }),
    })
  }
}

export function creditFor(
  world: World,
  given: { order: Order; line: OrderLine; amount: number; at: number },
): void {
  write(world, {
    ...baseOf(given.order, given.line),
    at: given.at,
    chargeType: 'cancelImmediate',
    subtotal: -cents(given.amount),
  })
}

export function dropFutureCharges(world: World, of: string, now: Date): void {
  for (const charge of world.store.list<Charge>('charge', of))
    if (charge.at > now.getTime()) world.store.drop('charge', charge.id)
}

/** The charge of the period that runs at a moment. */
export function runningCharge(world: World, of: string, now: Date): Charge | undefined {
  return world.store
    .list<Charge>('charge', of)
    .filter((charge) => charge.at <= now.getTime() && charge.chargeType !== 'cancelImmediate')
    .at(-1)
}
