// Which rows of a list have a button of their own for what can be done to them (flows/lists/row-actions.ts); any row may be ticked.
import type { RowAction } from '#flows/app.ts'
import { rowActionsOf } from '#flows/lists/row-actions.ts'
import { isStoppable } from '#flows/setup/stop-job.ts'
import type { AccountRow } from '#views/accounts/list-accounts.ts'
import type { AssetRow } from '#views/assets/list-assets.ts'
import type { ListedProduct } from '#views/catalogue/list-products.ts'
import type { PaymentRow } from '#views/invoices/list-payments.ts'
import type { QueuedOrder } from '#views/orders/list-order-queue.ts'
import type { OrderRow } from '#views/orders/list-orders.ts'
import type { JobRow } from '#views/setup/list-jobs.ts'
import type { MailRow } from '#views/setup/list-mails.ts'
import type { SubscriptionRow } from '#views/subscriptions/list-subscriptions.ts'
import type { ListedApiKey } from '#views/users/list-api-keys.ts'
import type { StaffRow } from '#views/users/list-staff.ts'

export type DeskAction<Item> = RowAction & {
  readonly hasButton?: ((item: Item) => boolean) | undefined
}

function withButtons<Item>(
  list: string,
  buttons: Readonly<Record<string, (item: Item) => boolean>> = {},
): readonly DeskAction<Item>[] {
  return rowActionsOf(list).map((action) => ({ ...action, hasButton: buttons[action.intent] }))
}

export const orderActions = withButtons<OrderRow>('orders')

export const queueActions = withButtons<QueuedOrder>('order-queue')

export const accountActions = withButtons<AccountRow>('accounts')

export const paymentActions = withButtons<PaymentRow>('payments', {
  'take-back': (row) => row.withdrawnAt === undefined,
})

export const assetActions = withButtons<AssetRow>('assets', {
  retry: (row) => row.state === 'active' && row.provisioning === 'failed',
})

export const subscriptionActions = withButtons<SubscriptionRow>('subscriptions', {
  retry: (row) => row.state === 'ordered' && row.provisioning === 'failed',
})

export const productActions = withButtons<ListedProduct>('products', {
  publish: (row) => !row.isPublished && row.soldPlanCount > 0 && row.currencies.length > 0,
})

export const mailActions = withButtons<MailRow>('mails', {
  resend: (row) => row.whyNotAgain === undefined,
})

export const jobActions = withButtons<JobRow>('jobs', {
  retry: (row) => row.state === 'failed',
  stop: isStoppable,
})

export const staffActions = withButtons<StaffRow>('users', {
  resend: (row) => row.state === 'invited',
  unblock: (row) => row.state === 'blocked',
})

export const apiKeyActions = withButtons<ListedApiKey>('api-keys')
