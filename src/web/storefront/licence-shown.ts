// A licence as its page shows it.

import type { AssetView } from '#views/assets/view-asset.ts'
import type { Buyer } from '#web/context.ts'
import { dayDisplay, momentDisplay, moneyDisplay } from '#web/format.ts'
import { licenceInWords, mailInWords, requestInWords, tokenInWords } from '#web/storefront/words.ts'

export function licencePage(view: AssetView, reader: Pick<Buyer, 'language'>) {
  const { asset, may } = view
  const moment = (at: Temporal.Instant | null | undefined) => (at ? momentDisplay(at, reader.language) : '')
  const open = view.returnRequests.find(({ state }) => state === 'requested' || state === 'sent')
  return {
    id: asset.id,
    number: asset.number,
    name: asset.name,
    sku: asset.sku,
    state: licenceInWords({ ...asset, hasReturnRequest: open !== undefined }),
    isCancelled: asset.state === 'cancelled',
    isPending: asset.state === 'active' && asset.provisioning === 'unsynchronised',
    isAwaitingKey: asset.isAwaitingKey,
    failureReason: asset.state === 'active' ? asset.failureReason : undefined,
    customer: view.endCustomer.name,
    billingTo: view.billingTo.name,
    order: { id: asset.orderId, number: view.orderNumber },
    boughtAt: moment(asset.purchasedAt),
    price: moneyDisplay(asset.price, reader.language),
    keyMask: asset.keyMask,
    hasActivationLink: view.hasActivationLink,
    downloadLink: asset.downloadLink,
    downloadExpires: moment(asset.downloadExpiresAt),
    token: tokenInWords(asset.tokenStatus),
    tokenStatus: asset.tokenStatus ?? '',
    returnStatus: asset.returnStatus,
    checkedAt: moment(asset.checkedAt),
    cancelledAt: moment(asset.cancelledAt),
    returnableUntil: moment(asset.returnableUntil),
    notReturnableBecause: view.notReturnableBecause,
    may,
    mayCheck: asset.provisioning === 'synchronized' && asset.state === 'active',
    invoices: view.invoices.map((invoice) => ({
      id: invoice.id,
      number: invoice.number,
      isCredit: invoice.kind === 'credit',
      day: dayDisplay(invoice.issueDate, reader.language),
    })),
    mails: view.mails.map((mail) => ({
      id: mail.id,
      to: [...mail.toAddresses, ...mail.cc].join(', '),
      subject: mail.subject,
      state: mailInWords(mail.state),
      at: moment(mail.sentAt ?? mail.lastTriedAt ?? mail.queuedAt),
      tries: mail.tries,
      answer: mail.serverAnswer,
    })),
    requests: view.returnRequests.map((request) => ({
      id: request.id,
      state: requestInWords(request.state),
      mayWithdraw: request.state === 'requested',
      comment: request.comment,
      by: request.requestedByName,
      at: moment(request.requestedAt),
      answer: request.answer,
    })),
  }
}

export type LicencePage = ReturnType<typeof licencePage>
