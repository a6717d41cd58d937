// Licences as the API speaks them. A key is always masked here; POST …/reveal answers it in full.
import { z } from 'zod'
import type { AssetRow } from '#views/assets/list-assets.ts'
import type { AssetView } from '#views/assets/view-asset.ts'
import { Step, stepBody } from './order-body.ts'
import {
  Day,
  failureCode,
  failureReason,
  Id,
  Moment,
  MoneyBody,
  momentOf,
  momentOrNull,
  moneyOf,
  Party,
  priceOrNull,
} from './schemas.ts'

const state = z.enum(['active', 'cancelled'])
const provisioning = z.enum(['unsynchronised', 'synchronized', 'failed'])
const tokenStatus = z.enum(['Activated', 'Redeemed', 'ReturnAccepted']).nullable()

export const AssetItem = z
  .object({
    id: Id,
    number: z.string(),
    name: z.string(),
    sku: z.string(),
    orderId: Id,
    orderNumber: z.string(),
    billingTo: Party,
    endCustomer: Party,
    price: MoneyBody.describe('Net, what was charged for it.'),
    purchasedAt: Moment,
    state,
    provisioning,
    isAwaitingKey: z.boolean(),
    failureReason,
    keyMask: z.string().nullable(),
    tokenStatus,
    hasReturnRequest: z.boolean(),
  })
  .meta({ id: 'AssetItem' })

export function assetItem(row: AssetRow): z.infer<typeof AssetItem> {
  return {
    ...row,
    price: moneyOf(row.price),
    purchasedAt: momentOf(row.purchasedAt),
    failureReason: row.failureReason ?? null,
    keyMask: row.keyMask ?? null,
    tokenStatus: row.tokenStatus ?? null,
  }
}

const ReturnRequest = z
  .object({
    id: Id,
    state: z.enum(['requested', 'withdrawn', 'declined', 'sent', 'accepted', 'refused']),
    comment: z.string(),
    requestedBy: z.string(),
    requestedAt: Moment,
    decidedAt: Moment.nullable(),
    answer: z.string(),
  })
  .meta({ id: 'ReturnRequest', description: 'A wish to cancel a licence, and what became of it.' })

export const Asset = z
  .object({
    id: Id,
    number: z.string(),
    name: z.string(),
    sku: z.string(),
    planId: Id,
    productId: Id,
    orderId: Id,
    orderNumber: z.string(),
    billingTo: Party,
    endCustomer: Party,
    price: MoneyBody,
    unitCost: MoneyBody.nullable().optional().describe('Only for those who may see costs.'),
    purchasedAt: Moment,
    state,
    provisioning,
    isAwaitingKey: z.boolean(),
    failureCode,
    failureReason,
    tries: z.int(),
    keyMask: z.string().nullable(),
    hasActivationLink: z.boolean(),
    downloadLink: z.string().nullable(),
    downloadExpiresAt: Moment.nullable(),
    tokenStatus,
    returnStatus: z.enum(['None', 'Successful', 'Rejected']),
    checkedAt: Moment.nullable(),
    synchronizedAt: Moment.nullable(),
    returnableUntil: Moment.nullable(),
    notReturnableBecause: z.string().nullable(),
    cancelledAt: Moment.nullable(),
    givenUpBecause: z.string().nullable().describe('Why it will not be delivered; it was never charged.'),
    replacedByOrderId: Id.nullable().describe('The order that took its place.'),
    returnRequests: z.array(ReturnRequest).describe('Newest first.'),
    mails: z.array(
      z.object({
        id: Id,
        notification: z.string(),
        to: z.array(z.string()),
        cc: z.array(z.string()),
        subject: z.string(),
        state: z.enum(['queued', 'sent', 'failed', 'cancelled']),
        tries: z.int(),
        serverAnswer: z.string(),
        queuedAt: Moment,
        sentAt: Moment.nullable(),
      }),
    ),
    timeline: z.array(Step),
    invoices: z.array(
      z.object({ id: Id, kind: z.enum(['invoice', 'credit']), number: z.string(), issueDate: Day }),
    ),
  })
  .meta({ id: 'Asset' })

export function assetBody(view: AssetView, seesCosts: boolean): z.infer<typeof Asset> {
  const { asset } = view
  return {
    id: asset.id,
    number: asset.number,
    name: asset.name,
    sku: asset.sku,
    planId: asset.planId,
    productId: asset.productId,
    orderId: asset.orderId,
    orderNumber: view.orderNumber,
    billingTo: view.billingTo,
    endCustomer: view.endCustomer,
    price: moneyOf(asset.price),
    ...(seesCosts ? { unitCost: priceOrNull(view.unitCost) } : {}),
    purchasedAt: momentOf(asset.purchasedAt),
    state: asset.state,
    provisioning: asset.provisioning,
    isAwaitingKey: asset.isAwaitingKey,
    failureCode: asset.failureCode ?? null,
    failureReason: asset.failureReason ?? null,
    tries: asset.tries,
    keyMask: asset.keyMask ?? null,
    hasActivationLink: view.hasActivationLink,
    downloadLink: asset.downloadLink ?? null,
    downloadExpiresAt: momentOrNull(asset.downloadExpiresAt),
    tokenStatus: asset.tokenStatus ?? null,
    returnStatus: asset.returnStatus,
    checkedAt: momentOrNull(asset.checkedAt),
    synchronizedAt: momentOrNull(asset.synchronizedAt),
    returnableUntil: momentOrNull(asset.returnableUntil),
    notReturnableBecause: view.notReturnableBecause ?? null,
    cancelledAt: momentOrNull(asset.cancelledAt),
    givenUpBecause: asset.givenUpBecause ?? null,
    replacedByOrderId: asset.replacedByOrderId ?? null,
    returnRequests: view.returnRequests.map((request) => ({
      id: request.id,
      state: request.state,
      comment: request.comment,
      requestedBy: request.requestedByName,
      requestedAt: momentOf(request.requestedAt),
      decidedAt: momentOrNull(request.decidedAt),
      answer: request.answer,
    })),
    mails: view.mails.map((mail) => ({
      id: mail.id,
      notification: mail.notificationCode,
      to: [...mail.toAddresses],
      cc: [...mail.cc],
      subject: mail.subject,
      state: mail.state,
      tries: mail.tries,
      serverAnswer: mail.serverAnswer,
      queuedAt: momentOf(mail.queuedAt),
      sentAt: momentOrNull(mail.sentAt),
    })),
    timeline: view.timeline.map(stepBody),
    invoices: view.invoices.map((invoice) => ({ ...invoice, issueDate: invoice.issueDate.toString() })),
  }
}
