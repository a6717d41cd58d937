// One subscription with everything product.md S9 names: whose it is, its term and price with the explanation, what it is charged,
// the history of amendments, every attempt at the vendor and every mail, and what may be done with it now.
import { Refusal } from '#kernel/failure.ts'
import { type InvoiceId, isId, type SubscriptionId } from '#kernel/ids.ts'
import { type Money, money } from '#kernel/money.ts'
import {
  type Amendment,
  type CancellationWindow,
  type Charge,
  cancellationWindow,
  listAmendments,
  listCharges,
  loadCancellationPolicies,
  loadSubscription,
  mayRetry,
  policyAt,
  type Subscription,
  wasCancellationAsked,
  whyNotCancellable,
} from '#modules/subscriptions'
import { type Actor, assertMay, mayDo, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { type NumberedOrder, numberedOrder, type Party } from '../orders/list-orders.ts'
import { listSteps, type Step } from '../orders/order-steps.ts'
import { readableFailure, readableText } from '../readable.ts'

export type SubscriptionCharge = Pick<
  Charge,
  'id' | 'termNumber' | 'position' | 'startsOn' | 'endsOn' | 'dueOn' | 'net'
> & {
  readonly state: 'invoiced' | 'credited' | 'due' | 'upcoming' | 'waived'
  readonly invoice: { readonly id: InvoiceId; readonly number: string } | undefined
  /** The credit invoice over it, in part or in full. */
  readonly credit: { readonly id: InvoiceId; readonly number: string } | undefined
}

/** With the reason in its text, where the asker may read it. */
export type SubscriptionAmendment = Omit<Amendment, 'reason' | 'reasonCode'>

export type SubscriptionInvoice = {
  readonly id: InvoiceId
  readonly kind: 'invoice' | 'credit'
  readonly number: string
  readonly issueDate: Temporal.PlainDate
}

/** What the vendor's cart asked for one licence and the term, beside what was quoted; for those who may see costs. */
export type AskedCost = { readonly unitCost: string; readonly currency: string; readonly isAccepted: boolean }

export type SubscriptionView = {
  readonly subscription: Subscription
  readonly orderNumber: string
  /** The order that took its place; undefined as well where the asker cannot see it. */
  readonly replacedBy: NumberedOrder | undefined
  readonly billingTo: Party
  readonly endCustomer: Party
  readonly instanceName: string
  /** Of the first term, as it was bought. */
  readonly purchaseNet: Money
  /** Oldest first. */
  readonly charges: readonly SubscriptionCharge[]
  /** The history, oldest first. */
  readonly amendments: readonly SubscriptionAmendment[]
  /** Amendments, vendor calls and mails, oldest first. */
  readonly timeline: readonly Step[]
  readonly invoices: readonly SubscriptionInvoice[]
  /** When it may be cancelled, and until when in full; undefined while the vendor has not begun the term. */
  readonly window: CancellationWindow | undefined
  /** In plain words; undefined when it can be cancelled. */
  readonly notCancellableBecause: string | undefined
  /** The full explanation of the price, costs included: only for the seller's people who may see costs. */
  readonly pricing: object | undefined
  readonly askedCost: AskedCost | undefined
  readonly may: {
    readonly retry: boolean
    readonly drop: boolean
    readonly cancel: boolean
    readonly switchAutoRenew: boolean
    /** The cancellation, while the vendor has not been asked. */
    readonly undoCancellation: boolean
  }
}

export async function viewSubscription(
  db: Database | Tx,
  actor: Actor,
  ask: { readonly id: SubscriptionId; readonly now: Temporal.Instant },
): Promise<SubscriptionView> {
  assertMay(actor, 'see-assets')
  if (!isId(ask.id)) throw new Refusal('subscription/not-found', 'This subscription does not exist.')
  const isStaff = actor.kind !== 'portal'
  const seesCosts = isStaff && mayDo(actor, 'see-costs')
  return reading(db, scopeOf(actor), async (sql) => {
    const subscription = readableFailure(actor, await loadSubscription(sql, ask.id))
    const { id, orderId } = subscription
    const [about, charges, papers, amendments, timeline, policies, costs] = await Promise.all([
      aboutSubscription(sql, subscription),
      listCharges(sql, id),
      listPapers(sql, id),
      listAmendments(sql, id),
      listSteps(sql, actor, orderId, { subscriptionId: id }),
      loadCancellationPolicies(sql),
      seesCosts ? loadCosts(sql, id) : undefined,
    ])
    const policy = policyAt(policies, subscription.kind, subscription.startedAt)
    const notCancellableBecause = policy
      ? whyNotCancellable(subscription, policy, ask.now)
      : 'There is no rule for cancelling it.'
    const wishedAt = subscription.state === 'active' ? subscription.cancelRequestedAt : undefined
    const undoes =
      isStaff && mayDo(actor, 'decide-cancellations') && wishedAt !== undefined
        ? !(await wasCancellationAsked(sql, id, wishedAt))
        : false
    const repairs = isStaff && mayDo(actor, 'execute-orders')
    return {
      subscription,
      ...about,
      charges: charges.map((charge) => shownCharge(charge, papers, ask.now)),
      amendments: amendments.map((amendment) => shownAmendment(actor, amendment)),
      timeline,
      invoices: invoicesIn(papers),
      window: policy && cancellationWindow(subscription, policy),
      notCancellableBecause,
      pricing: costs?.pricing,
      askedCost: costs?.asked,
      may: {
        retry: repairs && mayRetry(subscription),
        drop: repairs && mayRetry(subscription) && !subscription.vendor.orderId,
        cancel: !notCancellableBecause && mayDo(actor, isStaff ? 'decide-cancellations' : 'manage-assets'),
        switchAutoRenew:
          subscription.kind === 'subscription' &&
          subscription.state === 'active' &&
          !subscription.cancelRequestedAt &&
          mayDo(actor, 'manage-assets'),
        undoCancellation: undoes,
      },
    }
  })
}

function shownAmendment(
  actor: Actor,
  { reason, reasonCode, ...amendment }: Amendment,
): SubscriptionAmendment {
  return { ...amendment, text: readableText(actor, { ...amendment, reason, reasonCode }) }
}

async function aboutSubscription(
  sql: Sql,
  subscription: Subscription,
): Promise<
  Pick<
    SubscriptionView,
    'orderNumber' | 'replacedBy' | 'billingTo' | 'endCustomer' | 'instanceName' | 'purchaseNet'
  >
> {
  const row = await sql.one<{
    orderNumber: string
    replacedByNumber: string | null
    payerNumber: string
    payerName: string
    customerNumber: string
    customerName: string
    instanceName: string
    purchaseMinor: bigint
  }>`
    select sales_order.number as order_number, replacement.number as replaced_by_number,
      payer.number as payer_number, payer.name as payer_name,
      customer.number as customer_number, customer.name as customer_name, instance.system_name as instance_name,
      item.net_minor as purchase_minor
    from subscription
    join sales_order on sales_order.id = subscription.order_id
    join order_item item on item.id = subscription.order_item_id
    left join sales_order replacement on replacement.id = subscription.replaced_by_order_id
    join account payer on payer.id = subscription.billing_to_id
    join account customer on customer.id = subscription.end_customer_id
    join connector_instance instance on instance.id = subscription.instance_id
    where subscription.id = ${subscription.id}`
  return {
    orderNumber: row.orderNumber,
    replacedBy: numberedOrder(subscription.replacedByOrderId, row.replacedByNumber),
    billingTo: { id: subscription.billingToId, number: row.payerNumber, name: row.payerName },
    endCustomer: { id: subscription.endCustomerId, number: row.customerNumber, name: row.customerName },
    instanceName: row.instanceName,
    purchaseNet: money(row.purchaseMinor, subscription.net.currency),
  }
}

type Paper = SubscriptionInvoice & { readonly chargeId: Charge['id'] }

/** Which charge stands on which issued invoice or credit invoice. */
function listPapers(sql: Sql, id: SubscriptionId): Promise<Paper[]> {
  return sql.many<Paper>`
    select line.charge_id, invoice.id, invoice.kind, invoice.number, invoice.issue_date
    from subscription_charge charge
    join invoice_line line on line.charge_id = charge.id
    join invoice on invoice.id = line.invoice_id
    where charge.subscription_id = ${id} and invoice.state = 'issued'
    order by invoice.issued_at, invoice.id`
}

function invoicesIn(papers: readonly Paper[]): SubscriptionInvoice[] {
  return [...new Map(papers.map(({ chargeId: _, ...invoice }) => [invoice.id, invoice])).values()]
}

function shownCharge(
  { id, termNumber, position, startsOn, endsOn, dueOn, net, invoiceId, waivedAt }: Charge,
  papers: readonly Paper[],
  now: Temporal.Instant,
): SubscriptionCharge {
  const paper = (kind: Paper['kind']) =>
    papers.find((each) => each.chargeId === id && each.kind === kind) as Paper | undefined
  const [invoice, credit] = [paper('invoice'), paper('credit')]
  const isDue = Temporal.PlainDate.compare(dueOn, now.toZonedDateTimeISO('UTC').toPlainDate()) <= 0
  const state = credit
    ? 'credited'
    : invoiceId
      ? 'invoiced'
      : waivedAt
        ? 'waived'
        : isDue
          ? 'due'
          : 'upcoming'
  const named = (found: Paper | undefined) => found && { id: found.id, number: found.number }
  return {
    id,
    termNumber,
    position,
    startsOn,
    endsOn,
    dueOn,
    net: net as Money,
    state,
    invoice: named(invoice),
    credit: named(credit),
  }
}

async function loadCosts(
  sql: Sql,
  id: SubscriptionId,
): Promise<{ pricing: object; asked: AskedCost | undefined }> {
  const row = await sql.one<{
    pricing: object
    unitCost: string | null
    currency: string | null
    isAccepted: boolean
  }>`
    select pricing, vendor_unit_cost::text as unit_cost, vendor_cost_currency as currency,
      accepted_unit_cost is not null and accepted_unit_cost >= vendor_unit_cost as is_accepted
    from subscription where id = ${id}`
  return {
    pricing: row.pricing,
    asked:
      row.unitCost && row.currency
        ? { unitCost: row.unitCost, currency: row.currency, isAccepted: row.isAccepted }
        : undefined,
  }
}
