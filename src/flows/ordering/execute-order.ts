// Execute: the act that sets an order in motion (E8). With an account the vendor does not know it is refused whole, with a list of
// what is missing (E9): never half an execution.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, InstanceId, OrderId } from '#kernel/ids.ts'
import {
  applyingOptions,
  assertMayExecuteFor,
  effectiveOptions,
  loadAccounts,
  loadAllSyncOptions,
  loadSyncStatuses,
  missingOptions,
} from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { listOffers, type NotForSale, type Offer, whyNotAvailable } from '#modules/catalogue'
import {
  buyerKnowing,
  cancel,
  execute,
  insertEvents,
  listItemsOfOrder,
  lockOrder,
  type Order,
  type OrderItem,
  saveOrder,
} from '#modules/orders'
import { type FullExplanation, manualIn } from '#modules/pricing'
import { assertMay, type Staff, scopeOf } from '#modules/users'
import { type Sql, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { mailRecords } from '../notifying/reach.ts'
import { accountsOf } from './accounts-of.ts'
import { approveCredit } from './approve-credit.ts'
import { readApproval } from './place-on-behalf.ts'
import { priceAgain } from './reprice-order.ts'
import { setInMotion } from './set-in-motion.ts'

export type MissingForExecution = {
  readonly accountId: AccountId
  readonly accountName: string
  readonly connector: string
  readonly connectorName: string
  readonly state: 'unsynchronised' | 'synchronizing' | 'failed'
  readonly reason: string | undefined
  /** Names of the required options that have no value. */
  readonly missingOptions: readonly string[]
}

/** What keeps an order from being executed: accounts a connector does not know, with the options they lack. */
export async function missingForExecution(
  sql: Sql,
  app: Pick<App, 'connectors'>,
  order: Pick<Order, 'billingToId' | 'endCustomerId'>,
  instances: readonly { id: InstanceId; connector: string }[],
): Promise<MissingForExecution[]> {
  const ids = accountsOf(order)
  const accounts = await loadAccounts(sql, ids)
  const statuses = await loadSyncStatuses(
    sql,
    ids,
    instances.map(({ id }) => id),
  )
  const stored = await loadAllSyncOptions(sql, ids)
  const missing: MissingForExecution[] = []
  for (const connector of app.connectors) {
    const own = instances.filter((instance) => instance.connector === connector.code)
    if (own.length === 0) continue
    for (const account of accounts) {
      const states = own.map((instance) =>
        statuses.find((status) => status.accountId === account.id && status.instanceId === instance.id),
      )
      // Where keys are sent is asked of the end customer only; the reseller is merely known to the vendor.
      const needed = applyingOptions(connector.syncOptions, account).filter(
        (option) => account.id === order.endCustomerId || !option.isInStorefront,
      )
      const lacking = missingOptions(
        needed,
        effectiveOptions(needed, stored.get(connector.code)?.get(account.id) ?? {}, account),
      )
      const worst = states.find((status) => status?.state !== 'synchronized')
      const isSynchronized = states.every((status) => status?.state === 'synchronized')
      if (isSynchronized && lacking.length === 0) continue
      missing.push({
        accountId: account.id,
        accountName: account.name,
        connector: connector.code,
        connectorName: connector.name,
        state: worst?.state === 'failed' || worst?.state === 'synchronizing' ? worst.state : 'unsynchronised',
        reason: worst?.reason,
        missingOptions: lacking.map(({ name }) => name),
      })
    }
  }
  return missing
}

/** `Contoso (Microsoft ESD: Email, Role); North (Microsoft Partner Center: failed)`. */
export function missingWords(missing: readonly MissingForExecution[]): string {
  return missing
    .map(
      ({ accountName, connectorName, missingOptions: options, state }) =>
        `${accountName} (${connectorName}: ${options.length > 0 ? options.join(', ') : state})`,
    )
    .join('; ')
}

export async function executeOrder(
  app: Pick<App, 'db' | 'now' | 'connectors' | 'settings'>,
  actor: Staff,
  input: {
    orderId: OrderId
    /** The prices of today hold, where they are others than those it was placed with. */
    confirmsPrices?: boolean | undefined
    /** Approves prices that are below cost today; needs the right. */
    belowCostReason?: string | undefined
    /** Approves that it goes over the credit limit; needs the right. */
    overCreditReason?: string | undefined
  },
): Promise<Order> {
  assertMay(actor, 'execute-orders')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const placed = await lockOrder(tx, input.orderId)
    if (placed.state === 'executed') return placed
    const at = app.now()
    execute(placed, at, app.settings.settleWithinMinutes)
    assertMayExecuteFor(await loadAccounts(tx, accountsOf(placed)))
    const { order, items } = await priceAgain(tx, actor, placed, await listItemsOfOrder(tx, placed), at, {
      confirmsPrices: input.confirmsPrices ?? false,
      approval: readApproval(actor, input.belowCostReason, at),
    })
    const executed = execute(order, at, app.settings.settleWithinMinutes)
    const offers = await listOffers(
      tx,
      items.map((item) => item.planId),
      order.currency,
    )
    for (const item of items) {
      const offer = offers.get(item.planId)
      // While its quote holds, the price is the one agreed; only what nobody may sell stops it.
      const refused = offer && (whyNotAvailable(offer, 'backoffice') ?? whyNotForNothing(offer, item))
      if (refused) throw new Refusal(refused.code, refused.message)
    }
    const instances = [
      ...new Map(
        [...offers.values()].map((offer) => [
          offer.instanceId,
          { id: offer.instanceId, connector: offer.connector },
        ]),
      ).values(),
    ]
    const missing = await missingForExecution(tx, app, order, instances)
    if (missing.length > 0)
      throw new Refusal('order/not-synchronized', `Not executed. First complete: ${missingWords(missing)}.`, {
        missing,
      })
    await approveCredit(tx, actor, order, input.overCreditReason, at)
    await saveOrder(tx, executed, order.state)
    const statuses = await loadSyncStatuses(tx, accountsOf(order))
    await insertEvents(tx, [
      {
        orderId: order.id,
        at,
        kind: 'executed',
        text: 'Executed: the licences are being made.',
        actor: actor.name,
      },
    ])
    await setInMotion(tx, app, [{ order: executed, items }], offers, statuses)
    await mailRecords(tx, 'order-received', [order.id], at)
    await recordAudit(tx, {
      at,
      actor,
      action: 'order/executed',
      subjectType: 'order',
      subjectId: order.id,
      accountId: order.billingToId,
      before: { state: order.state },
      after: { state: 'executed' },
    })
    return executed
  })
}

/** Nothing priced zero is executed without explicit consent: of the catalogue, or of whoever agreed the price of this line (S1). */
function whyNotForNothing(offer: Offer, { net, pricing }: OrderItem): NotForSale | undefined {
  if (net.amountMinor !== 0n || offer.allowsZero || manualIn(pricing as FullExplanation | undefined))
    return undefined
  return {
    code: 'price/zero-needs-consent',
    message: `${offer.name} has a price of zero that nobody consented to.`,
  }
}

/** Cancels an order that has not been executed. */
export async function cancelOrder(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: { orderId: OrderId },
): Promise<Order> {
  assertMay(actor, 'execute-orders')
  return transaction(app.db, scopeOf(actor), async (tx) => {
    const order = await lockOrder(tx, input.orderId)
    if (order.state === 'cancelled') return order
    const at = app.now()
    const cancelled = cancel(order, at)
    await saveOrder(tx, cancelled, order.state)
    await insertEvents(tx, [
      {
        orderId: order.id,
        at,
        kind: 'cancelled',
        text: order.state === 'draft' ? 'The draft is cancelled.' : 'Cancelled before it was executed.',
        actor: actor.name,
      },
    ])
    await recordAudit(tx, {
      at,
      actor,
      action: 'order/cancelled',
      subjectType: 'order',
      subjectId: order.id,
      accountId: buyerKnowing(order),
      before: { state: order.state },
      after: { state: 'cancelled' },
    })
    return cancelled
  })
}
