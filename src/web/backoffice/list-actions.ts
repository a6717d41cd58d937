// What can be done to rows of the lists: to one by its button, to many by ticking them. Each row is a flow's run of its own; one
// that is refused keeps no other from being done, and the report says so row by row.
import type { App } from '#flows/app.ts'
import { executeOrder } from '#flows/ordering/execute-order.ts'
import { resendKey } from '#flows/provisioning/resend-key.ts'
import { retryLicence } from '#flows/provisioning/retry-licence.ts'
import { resendMail } from '#flows/setup/resend-mail.ts'
import { retryJob } from '#flows/setup/retry-job.ts'
import { retrySubscription } from '#flows/subscriptions/repair-subscription.ts'
import { setAutoRenew } from '#flows/subscriptions/set-auto-renew.ts'
import { revokeApiKey } from '#flows/users/api-keys.ts'
import { changeUser, endSessions, mailPasswordLink } from '#flows/users/manage-users.ts'
import type { Right, Staff } from '#modules/users'
import type { AssetRow } from '#views/assets/list-assets.ts'
import type { OrderRow } from '#views/orders/list-orders.ts'
import type { JobRow } from '#views/setup/list-jobs.ts'
import type { MailRow } from '#views/setup/list-mails.ts'
import type { SubscriptionRow } from '#views/subscriptions/list-subscriptions.ts'
import type { ListedApiKey } from '#views/users/list-api-keys.ts'
import type { StaffRow } from '#views/users/list-staff.ts'

export type RowAction<Item> = {
  readonly intent: string
  readonly label: string
  readonly right: Right
  /** The rows that have a button of their own; any row may be ticked. */
  readonly hasButton?: (item: Item) => boolean
  /** What a flow is told of the row, its id unless said. */
  readonly key?: (item: Item) => string
  readonly run: (app: App, actor: Staff, key: string) => Promise<unknown>
  /** What is said of a row it was done to. */
  readonly done: string
}

export const orderActions: readonly RowAction<OrderRow>[] = [
  {
    intent: 'execute',
    label: 'Execute',
    right: 'execute-orders',
    run: (app, actor, id) => executeOrder(app, actor, { orderId: id as never }),
    done: 'Executed: it is on its way.',
  },
]

export const assetActions: readonly RowAction<AssetRow>[] = [
  {
    intent: 'retry',
    label: 'Retry',
    right: 'manage-assets',
    hasButton: (row) => row.state === 'active' && row.provisioning === 'failed',
    run: (app, actor, id) => retryLicence(app, actor, { assetId: id as never }),
    done: 'Trying again.',
  },
  {
    intent: 'resend',
    label: 'Send key again',
    right: 'manage-assets',
    run: (app, actor, id) => resendKey(app, actor, { assetId: id as never }),
    done: 'The key’s e-mail is queued.',
  },
]

export const subscriptionActions: readonly RowAction<SubscriptionRow>[] = [
  {
    intent: 'retry',
    label: 'Retry',
    right: 'execute-orders',
    hasButton: (row) => row.state === 'ordered' && row.provisioning === 'failed',
    run: (app, actor, id) => retrySubscription(app, actor, { subscriptionId: id as never }),
    done: 'Trying again.',
  },
  {
    intent: 'renew',
    label: 'Renew by itself',
    right: 'manage-assets',
    run: (app, actor, id) => setAutoRenew(app, actor, { subscriptionId: id as never, autoRenew: true }),
    done: 'Renews by itself.',
  },
  {
    intent: 'let-end',
    label: 'Let it end',
    right: 'manage-assets',
    run: (app, actor, id) => setAutoRenew(app, actor, { subscriptionId: id as never, autoRenew: false }),
    done: 'Ends with its term.',
  },
]

export const mailActions: readonly RowAction<MailRow>[] = [
  {
    intent: 'resend',
    label: 'Resend',
    right: 'manage-jobs',
    hasButton: (row) => row.state === 'failed',
    run: (app, actor, id) => resendMail(app, actor, { mailId: id as never }),
    done: 'The e-mail is queued again.',
  },
]

export const jobActions: readonly RowAction<JobRow>[] = [
  {
    intent: 'retry',
    label: 'Retry',
    right: 'manage-jobs',
    hasButton: (row) => row.state === 'failed',
    key: (row) => `${row.queue}:${row.id}`,
    run: (app, actor, key) => {
      const at = key.lastIndexOf(':')
      return retryJob(app, actor, { queue: key.slice(0, at), id: key.slice(at + 1) })
    },
    done: 'The job is queued again.',
  },
]

export const staffActions: readonly RowAction<StaffRow>[] = [
  {
    intent: 'resend',
    label: 'Send link again',
    right: 'manage-users',
    hasButton: (row) => row.state === 'invited',
    run: (app, actor, id) => mailPasswordLink(app, actor, { userId: id as never }),
    done: 'An e-mail with a link to choose a password is queued.',
  },
  {
    intent: 'end-sessions',
    label: 'Sign out everywhere',
    right: 'manage-users',
    run: (app, actor, id) => endSessions(app, actor, { userId: id as never }),
    done: 'Signed out everywhere.',
  },
  {
    intent: 'block',
    label: 'Block',
    right: 'manage-users',
    run: (app, actor, id) => changeUser(app, actor, { userId: id as never, change: { state: 'blocked' } }),
    done: 'Blocked: sessions have ended, API keys open nothing.',
  },
  {
    intent: 'unblock',
    label: 'Unblock',
    right: 'manage-users',
    hasButton: (row) => row.state === 'blocked',
    run: (app, actor, id) => changeUser(app, actor, { userId: id as never, change: { state: 'active' } }),
    done: 'Unblocked.',
  },
]

export const apiKeyActions: readonly RowAction<ListedApiKey>[] = [
  {
    intent: 'revoke',
    label: 'Revoke',
    right: 'manage-users',
    run: (app, actor, id) => revokeApiKey(app, actor, { id: id as never }),
    done: 'Revoked: it opens nothing any more.',
  },
]
