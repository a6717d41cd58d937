// An executed order of one line of software, written down as ordering makes it: what is not of interest is inserted directly, the price
// comes from the engine. Nothing is enqueued: the test says what happens next.

import type { App } from '#flows/app.ts'
import {
  type AccountId,
  type InstanceId,
  newId,
  type OrderId,
  type OrderItemId,
  type PlanId,
  type ProductId,
  type SubscriptionId,
} from '#kernel/ids.ts'
import { currency, priceText } from '#kernel/money.ts'
import { type BillingPlan, termOf } from '#kernel/term.ts'
import { NO_RULES, priceLines, publicExplanation } from '#modules/pricing'
import {
  chargesOf,
  insertCharges,
  insertSubscriptions,
  lockSubscription,
  saveSubscription,
} from '#modules/subscriptions'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { chargeAmounts } from '../../src/flows/subscriptions/activate-subscription.ts'

export type SoftwareOrder = {
  readonly instanceId: InstanceId
  readonly billingToId: AccountId
  readonly endCustomerId: AccountId
  /** `DG7GMGF0EM01:0001` */
  readonly sku: string
  readonly term: string
  readonly billingPlan: BillingPlan
  readonly quantity: number
  readonly retail: string
  readonly cost: string
  readonly currency?: string
  readonly name?: string
  /** Added to this order as its second line. */
  readonly besides?: SubscriptionId
}

export async function insertSoftwareOrder(
  app: Pick<App, 'db' | 'now'>,
  given: SoftwareOrder,
): Promise<SubscriptionId> {
  return transaction(app.db, sellerScope, (tx) => insert(tx, app.now(), given))
}

async function insert(tx: Tx, at: Temporal.Instant, given: SoftwareOrder): Promise<SubscriptionId> {
  const { instanceId, billingToId, endCustomerId, term, billingPlan, quantity } = given
  const [productCode, skuCode] = given.sku.split(':')
  const sku = `${productCode}:${skuCode}:commercial:${term}:${billingPlan}`
  const kind = term === 'OneTime' ? 'perpetual' : 'subscription'
  const code = currency(given.currency ?? 'EUR')
  const name = given.name ?? 'Server Standard'
  const { productId, planId } = await planOf(tx, at, {
    instanceId,
    kind,
    productCode: productCode ?? '',
    sku,
    name,
  })
  const earlier = given.besides
    ? await tx.one<{ orderId: OrderId }>`select order_id from subscription where id = ${given.besides}`
    : undefined
  const orderId = earlier?.orderId ?? newId<OrderId>()
  const orderItemId = newId<OrderItemId>()
  const id = newId<SubscriptionId>()
  const [priced] = priceLines(
    [
      {
        planId,
        productId,
        groupIds: [],
        sku,
        kind,
        term,
        billingPlan,
        quantity,
        base: {
          kind: 'price sheet',
          sheetId: 'sheet',
          file: 'de.csv',
          line: 2,
          market: 'DE',
          month: '2026-11',
          currency: code,
          retail: given.retail,
          cost: given.cost,
          tier: undefined,
          isAmbiguous: false,
        },
      },
    ],
    NO_RULES,
    { at, currency: code, isNewCustomer: false, ownedProductIds: new Set(), termNumber: 1 },
  )
  if (!priced) throw new Error('the engine prices a line')
  const full = priced.explanation
  const user = await tx.one<{ id: string }>`
    select id from app_user where account_id = ${billingToId} order by id limit 1`
  if (!earlier)
    await tx.run`
    insert into sales_order (id, number, state, channel, billing_to_id, end_customer_id, placed_by, currency, net_minor, tax_minor,
      total_minor, created_at, executed_at, settle_by)
    values (${orderId}, ${`SO-T${id.slice(-6)}`}, 'executed', 'backoffice', ${billingToId}, ${endCustomerId}, ${user.id}, ${code},
      ${priced.net.amountMinor}, 0, ${priced.net.amountMinor}, ${at}, ${at}, ${at.add({ hours: 2 })})`
  await tx.run`
    insert into order_item (id, order_id, position, plan_id, product_id, instance_id, name, sku, quantity, unit_price, net_minor, tax_minor,
      tax_basis_points, tax_category, explanation, pricing, is_for_resale)
    values (${orderItemId}, ${orderId}, ${earlier ? 2 : 1}, ${planId}, ${productId}, ${instanceId}, ${name}, ${sku}, ${quantity},
      ${priceText(priced.unitPrice)}, ${priced.net.amountMinor}, 0, 1900, 'S', ${tx.json(publicExplanation(full))}, ${tx.json(full)}, true)`
  await insertSubscriptions(tx, [
    {
      id,
      orderId,
      orderItemId,
      billingToId,
      endCustomerId,
      productId,
      planId,
      instanceId,
      kind,
      name,
      sku,
      term,
      billingPlan,
      quantity,
      unitPrice: priced.unitPrice,
      net: priced.net,
      taxBasisPoints: 1900,
      taxCategory: 'S',
      taxNote: '',
      explanation: publicExplanation(full),
      pricing: full,
      purchasedAt: at,
    },
  ])
  return id
}

/** The plan, made where it is not there yet, with its product. */
async function planOf(
  tx: Tx,
  at: Temporal.Instant,
  given: { instanceId: InstanceId; kind: string; productCode: string; sku: string; name: string },
): Promise<{ productId: ProductId; planId: PlanId }> {
  const { instanceId, kind, productCode, sku, name } = given
  await tx.run`
    insert into product (id, kind, connector, code, name, created_at, updated_at)
    values (${newId()}, ${kind}, 'partner-center', ${productCode}, ${name}, ${at}, ${at}) on conflict do nothing`
  const { productId } = await tx.one<{ productId: ProductId }>`
    select id as product_id from product where connector = 'partner-center' and code = ${productCode}`
  await tx.run`
    insert into plan (id, product_id, instance_id, sku, vendor_name, language, country, fulfilment_type, is_returnable, created_at, updated_at)
    values (${newId()}, ${productId}, ${instanceId}, ${sku}, ${name}, 'en', 'DE', 'Token', false, ${at}, ${at}) on conflict do nothing`
  const { planId } = await tx.one<{ planId: PlanId }>`
    select id as plan_id from plan where instance_id = ${instanceId} and sku = ${sku}`
  return { productId, planId }
}

/** As if the vendor had begun its first term at this moment: active, with its charges. No vendor is asked and no mail is sent. */
export async function beginFirstTerm(
  app: Pick<App, 'db'>,
  id: SubscriptionId,
  startedAt: Temporal.Instant,
): Promise<void> {
  await transaction(app.db, sellerScope, async (tx) => {
    const ordered = await lockSubscription(tx, id)
    const anchor = startedAt.toZonedDateTimeISO('UTC').toPlainDate()
    const { pricing } = await tx.one<{ pricing: object }>`select pricing from subscription where id = ${id}`
    const active = {
      ...ordered,
      ...termOf(anchor, ordered.term, 1),
      state: 'active' as const,
      provisioning: 'synchronized' as const,
      anchor,
      startedAt,
      vendorAutoRenew: ordered.autoRenew,
      vendor: { orderTry: 1, cartId: undefined, orderId: `order-${id}`, subscriptionId: `vendor-${id}` },
    }
    await saveSubscription(tx, active)
    await insertCharges(tx, chargesOf(active, anchor, 1, chargeAmounts(pricing, active)))
  })
}

/** An instance of Partner Center that nobody signs in with. */
export async function insertSilentInstance(
  app: Pick<App, 'db' | 'now'>,
  name = 'Partner Center',
): Promise<InstanceId> {
  const id = newId<InstanceId>()
  await transaction(
    app.db,
    sellerScope,
    (tx) => tx.run`
      insert into connector_instance (id, connector, system_name, state, country, language, currency, signs_in_with, secrets_cipher,
        created_at, updated_at)
      values (${id}, 'partner-center', ${name}, 'active', 'DE', 'en-US', 'EUR', 'secret', '\\x00', ${app.now()}, ${app.now()})`,
  )
  return id
}
