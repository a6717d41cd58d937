// One licence with everything product.md E11 names: whose it is, what it cost, where its provisioning and its token stand, every
// attempt, every mail with the server's answer, and the wish to give it back. The key itself is not here: revealing is a flow.
import { Refusal } from '#kernel/failure.ts'
import { type AssetId, type InvoiceId, isId, type MailId, type ReturnRequestId } from '#kernel/ids.ts'
import { type Money, money, type Price, price } from '#kernel/money.ts'
import { type Asset, loadAsset, mayRetry, type ReturnRequest, whyNotReturnable } from '#modules/assets'
import { type Actor, assertMay, mayDo, scopeOf } from '#modules/users'
import { type Database, reading, type Sql, type Tx } from '#platform/db.ts'
import { type NumberedOrder, numberedOrder, type Party } from '../orders/list-orders.ts'
import { listSteps, type Step } from '../orders/order-steps.ts'
import { readableAnswer, readableFailure } from '../readable.ts'

export type AssetMail = {
  readonly id: MailId
  readonly notificationCode: string
  readonly toAddresses: readonly string[]
  readonly cc: readonly string[]
  readonly subject: string
  readonly state: 'queued' | 'sent' | 'failed' | 'cancelled'
  readonly tries: number
  readonly serverAnswer: string
  readonly queuedAt: Temporal.Instant
  readonly lastTriedAt: Temporal.Instant | null
  readonly sentAt: Temporal.Instant | null
}

export type AssetReturnRequest = Pick<ReturnRequest, 'state' | 'comment' | 'requestedAt' | 'answer'> & {
  readonly id: ReturnRequestId
  readonly decidedAt: Temporal.Instant | null
  /** Empty where the asker cannot see that person. */
  readonly requestedByName: string
  /** The vendor has been asked; until then it can be taken back. */
  readonly isAsked: boolean
}

export type AssetInvoice = {
  readonly id: InvoiceId
  readonly kind: 'invoice' | 'credit'
  readonly number: string
  readonly issueDate: Temporal.PlainDate
}

export type AssetView = {
  readonly asset: Asset
  readonly orderNumber: string
  /** The order that took its place; undefined as well where the asker cannot see it. */
  readonly replacedBy: NumberedOrder | undefined
  readonly billingTo: Party
  readonly endCustomer: Party
  readonly instanceName: string
  readonly keySource: 'vendor' | 'pool'
  readonly hasActivationLink: boolean
  /** Only for the seller's people who may see costs. */
  readonly unitCost: Price | undefined
  /** Steps, vendor calls and mails of this licence, oldest first. */
  readonly timeline: readonly Step[]
  /** Newest first. */
  readonly mails: readonly AssetMail[]
  readonly returnRequests: readonly AssetReturnRequest[]
  readonly invoices: readonly AssetInvoice[]
  /** What was invoiced for it, and comes back in full if the vendor takes it back; undefined before it is invoiced. For the seller. */
  readonly charged: { readonly net: Money; readonly total: Money } | undefined
  /** Why it cannot be given back, in plain words; undefined when it can be asked for. */
  readonly notReturnableBecause: string | undefined
  readonly may: {
    readonly reveal: boolean
    readonly resend: boolean
    readonly retry: boolean
    readonly cancel: boolean
  }
}

export async function viewAsset(
  db: Database | Tx,
  actor: Actor,
  ask: { id: AssetId; now: Temporal.Instant },
): Promise<AssetView> {
  assertMay(actor, 'see-assets')
  if (!isId(ask.id)) throw new Refusal('asset/not-found', 'This licence does not exist.')
  return reading(db, scopeOf(actor), async (sql) => {
    const asset = readableFailure(actor, await loadAsset(sql, ask.id))
    const [about, timeline, mails, returnRequests, invoices, charged] = await Promise.all([
      aboutAsset(sql, asset, actor.kind !== 'portal' && mayDo(actor, 'see-costs')),
      listSteps(sql, actor, asset.orderId, { assetId: asset.id }),
      listMails(sql, actor, asset.id),
      listReturnRequests(sql, actor, asset.id),
      listInvoices(sql, asset.id),
      actor.kind === 'portal' ? undefined : findCharged(sql, asset),
    ])
    const notReturnableBecause = whyNotReturnable(asset, ask.now)
    const hasKey = asset.provisioning === 'synchronized'
    const isOpen = returnRequests.some(({ state }) => state === 'requested' || state === 'sent')
    const decides = mayDo(actor, actor.kind === 'portal' ? 'manage-assets' : 'decide-cancellations')
    return {
      asset,
      ...about,
      timeline,
      mails,
      returnRequests,
      invoices,
      charged,
      notReturnableBecause,
      may: {
        // One that was given back opens nothing: only the seller's people may still need to recognise it.
        reveal:
          hasKey && mayDo(actor, 'reveal-keys') && (asset.state === 'active' || actor.kind !== 'portal'),
        resend: hasKey && asset.state === 'active' && mayDo(actor, 'manage-assets'),
        retry: mayRetry(asset) && mayDo(actor, 'manage-assets'),
        cancel: notReturnableBecause === undefined && !isOpen && decides,
      },
    }
  })
}

type About = Pick<
  AssetView,
  | 'orderNumber'
  | 'replacedBy'
  | 'billingTo'
  | 'endCustomer'
  | 'instanceName'
  | 'keySource'
  | 'hasActivationLink'
  | 'unitCost'
>

async function aboutAsset(sql: Sql, asset: Asset, seesCosts: boolean): Promise<About> {
  const row = await sql.one<{
    orderNumber: string
    replacedByNumber: string | null
    payerNumber: string
    payerName: string
    customerNumber: string
    customerName: string
    instanceName: string
    keySource: 'vendor' | 'pool'
    hasActivationLink: boolean
    unitCost: string | null
  }>`
    select sales_order.number as order_number, replacement.number as replaced_by_number,
      payer.number as payer_number, payer.name as payer_name,
      customer.number as customer_number, customer.name as customer_name, instance.system_name as instance_name, instance.key_source,
      asset.activation_link_cipher is not null as has_activation_link,
      ${seesCosts ? sql.part`item.unit_cost` : sql.part`null::numeric as unit_cost`}
    from asset
    join sales_order on sales_order.id = asset.order_id
    join order_item item on item.id = asset.order_item_id
    left join sales_order replacement on replacement.id = asset.replaced_by_order_id
    join account payer on payer.id = asset.billing_to_id
    join account customer on customer.id = asset.end_customer_id
    join connector_instance instance on instance.id = asset.instance_id
    where asset.id = ${asset.id}`
  return {
    orderNumber: row.orderNumber,
    replacedBy: numberedOrder(asset.replacedByOrderId, row.replacedByNumber),
    billingTo: { id: asset.billingToId, number: row.payerNumber, name: row.payerName },
    endCustomer: { id: asset.endCustomerId, number: row.customerNumber, name: row.customerName },
    instanceName: row.instanceName,
    keySource: row.keySource,
    hasActivationLink: row.hasActivationLink,
    unitCost: row.unitCost === null ? undefined : price(row.unitCost, asset.price.currency),
  }
}

/** Those that tell the seller's own people of trouble belong to no account, and are nothing for a portal. */
function listMails(sql: Sql, actor: Actor, id: AssetId): Promise<AssetMail[]> {
  return sql.many<AssetMail>`
    select id, notification_code, to_addresses, cc, subject, state, tries, server_answer, queued_at, last_tried_at, sent_at
    from mail where asset_id = ${id} and ${actor.kind === 'portal' ? sql.part`account_id is not null` : sql.part`true`}
    order by id desc limit 100`
}

async function listReturnRequests(sql: Sql, actor: Actor, id: AssetId): Promise<AssetReturnRequest[]> {
  const rows = await sql.many<AssetReturnRequest & { readonly answerCode: string | null }>`
    select request.id, request.state, request.comment, request.requested_at, request.decided_at, request.answer, request.answer_code,
      coalesce(app_user.name, '') as requested_by_name,
      exists (select 1 from vendor_attempt attempt where attempt.asset_id = request.asset_id
        and attempt.transaction_id = request.transaction_id and attempt.kind = 'return') as is_asked
    from return_request request left join app_user on app_user.id = request.requested_by
    where request.asset_id = ${id} order by request.id desc`
  return rows.map(({ answerCode, ...row }) => ({
    ...row,
    answer: readableAnswer(actor, { ...row, answerCode }),
  }))
}

async function findCharged(sql: Sql, { id, price: { currency } }: Asset): Promise<AssetView['charged']> {
  const row = await sql.maybe<{ netMinor: bigint; taxMinor: bigint }>`
    select line.net_minor, line.tax_minor from invoice_line line join invoice on invoice.id = line.invoice_id
    where line.asset_id = ${id} and line.kind = 'invoice' and invoice.state = 'issued' limit 1`
  return (
    row && {
      net: money(row.netMinor, currency),
      total: money(row.netMinor + row.taxMinor, currency),
    }
  )
}

function listInvoices(sql: Sql, id: AssetId): Promise<AssetInvoice[]> {
  return sql.many<AssetInvoice>`
    select invoice.id, invoice.kind, invoice.number, invoice.issue_date
    from invoice_line line join invoice on invoice.id = line.invoice_id
    where line.asset_id = ${id} and invoice.state = 'issued' order by invoice.issued_at`
}
