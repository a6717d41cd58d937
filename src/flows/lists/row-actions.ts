// What can be done to rows of the lists: to one by its button, to the ticked ones of a page, to all that match. Each row is a flow's run
// of its own; one that is refused keeps no other from being done.
import type { RowAction } from '#flows/app.ts'
import { Refusal } from '#kernel/failure.ts'
import { isId } from '#kernel/ids.ts'
import { loadAccount } from '#modules/accounts'
import { loadAsset } from '#modules/assets'
import { loadProduct } from '#modules/catalogue'
import { loadPayment } from '#modules/invoicing'
import { lockMail } from '#modules/notifications'
import { loadOrder } from '#modules/orders'
import { loadSubscription } from '#modules/subscriptions'
import { findUser, loadUser } from '#modules/users'
import { blockAccount, unblockAccount } from '../accounts/block-account.ts'
import { publishProduct, withdrawProduct } from '../catalogue/publish-product.ts'
import { withdrawPayment } from '../invoicing/record-payment.ts'
import { cancelOrder, executeOrder } from '../ordering/execute-order.ts'
import { resendKey } from '../provisioning/resend-key.ts'
import { retryLicence } from '../provisioning/retry-licence.ts'
import { resendMail } from '../setup/resend-mail.ts'
import { retryJob } from '../setup/retry-job.ts'
import { stopJob } from '../setup/stop-job.ts'
import { retrySubscription } from '../subscriptions/repair-subscription.ts'
import { setAutoRenew } from '../subscriptions/set-auto-renew.ts'
import { revokeApiKey } from '../users/api-keys.ts'
import { mailPasswordLink, withdrawInvitation } from '../users/invite-user.ts'
import { changeUser, endSessions } from '../users/manage-users.ts'

const executing = {
  intent: 'execute',
  label: 'Execute',
  right: 'execute-orders',
  run: (app, actor, id) => executeOrder(app, actor, { orderId: id as never }),
  done: 'Executed: it is on its way.',
  skips: async (tx, id) =>
    (await loadOrder(tx, id as never)).state === 'executed' ? 'It was executed before.' : undefined,
} satisfies Omit<RowAction, 'list'>

export const rowActions: readonly RowAction[] = [
  { list: 'orders', ...executing },
  { list: 'order-queue', ...executing },
  {
    list: 'orders',
    intent: 'cancel',
    label: 'Cancel',
    right: 'execute-orders',
    run: (app, actor, id) => cancelOrder(app, actor, { orderId: id as never }),
    done: 'Cancelled.',
    skips: async (tx, id) =>
      (await loadOrder(tx, id as never)).state === 'cancelled' ? 'It was cancelled before.' : undefined,
  },
  {
    list: 'accounts',
    intent: 'block',
    label: 'Block',
    right: 'manage-accounts',
    asksReason: true,
    run: (app, actor, id, reason) => blockAccount(app, actor, { accountId: id as never, reason }),
    done: 'Blocked: nobody of it signs in, and nothing is ordered for it.',
    skips: async (tx, id) =>
      (await loadAccount(tx, id as never)).state === 'blocked' ? 'Was blocked before.' : undefined,
  },
  {
    list: 'accounts',
    intent: 'unblock',
    label: 'Unblock',
    right: 'manage-accounts',
    run: (app, actor, id) => unblockAccount(app, actor, { accountId: id as never }),
    done: 'Unblocked.',
    skips: async (tx, id) =>
      (await loadAccount(tx, id as never)).state === 'blocked' ? undefined : 'Is not blocked.',
  },
  {
    list: 'payments',
    intent: 'take-back',
    label: 'Take back',
    right: 'record-payments',
    asksReason: true,
    run: (app, actor, key, reason) => withdrawPayment(app, actor, { ...paymentOf(key), reason }),
    done: 'Taken back: what it paid is open again.',
    skips: async (tx, key) => {
      const { invoiceId, paymentId } = paymentOf(key)
      return (await loadPayment(tx, invoiceId, paymentId)).withdrawn ? 'Was taken back before.' : undefined
    },
  },
  {
    list: 'assets',
    intent: 'retry',
    label: 'Retry',
    right: 'manage-assets',
    run: (app, actor, id) => retryLicence(app, actor, { assetId: id as never }),
    done: 'Trying again.',
    skips: async (tx, id) => {
      const { state, provisioning } = await loadAsset(tx, id as never)
      return state === 'active' && provisioning === 'unsynchronised' ? 'It is on its way already.' : undefined
    },
  },
  {
    list: 'assets',
    intent: 'resend',
    label: 'Send key again',
    right: 'manage-assets',
    run: (app, actor, id) => resendKey(app, actor, { assetId: id as never }),
    done: 'The key’s e-mail is queued.',
  },
  {
    list: 'subscriptions',
    intent: 'retry',
    label: 'Retry',
    right: 'execute-orders',
    run: (app, actor, id) => retrySubscription(app, actor, { subscriptionId: id as never }),
    done: 'Trying again.',
  },
  {
    list: 'subscriptions',
    intent: 'renew',
    label: 'Renew by itself',
    right: 'manage-assets',
    run: (app, actor, id) => setAutoRenew(app, actor, { subscriptionId: id as never, autoRenew: true }),
    done: 'Renews by itself.',
    skips: async (tx, id) => {
      const { state, autoRenew } = await loadSubscription(tx, id as never)
      return state === 'active' && autoRenew ? 'It renews by itself already.' : undefined
    },
  },
  {
    list: 'subscriptions',
    intent: 'let-end',
    label: 'Let it end',
    right: 'manage-assets',
    run: (app, actor, id) => setAutoRenew(app, actor, { subscriptionId: id as never, autoRenew: false }),
    done: 'Ends with its term.',
    skips: async (tx, id) => {
      const { state, autoRenew } = await loadSubscription(tx, id as never)
      return state === 'active' && !autoRenew ? 'It ends with its term already.' : undefined
    },
  },
  {
    list: 'products',
    intent: 'publish',
    label: 'Publish',
    right: 'manage-catalogue',
    run: (app, actor, id) => publishProduct(app, actor, { productId: id as never }),
    done: 'Published: buyers see it.',
    skips: async (tx, id) =>
      (await loadProduct(tx, id as never)).isPublished ? 'It was published before.' : undefined,
  },
  {
    list: 'products',
    intent: 'withdraw',
    label: 'Withdraw',
    right: 'manage-catalogue',
    run: (app, actor, id) => withdrawProduct(app, actor, { productId: id as never }),
    done: 'Withdrawn: buyers no longer see it.',
    skips: async (tx, id) =>
      (await loadProduct(tx, id as never)).isPublished ? undefined : 'It is not published.',
  },
  {
    list: 'mails',
    intent: 'resend',
    label: 'Resend',
    right: 'manage-jobs',
    run: (app, actor, id) => resendMail(app, actor, { mailId: id as never }),
    done: 'The e-mail is queued again.',
    skips: async (tx, id) =>
      (await lockMail(tx, id as never)).state === 'queued' ? 'It is on its way already.' : undefined,
  },
  {
    list: 'jobs',
    intent: 'retry',
    label: 'Retry',
    right: 'manage-jobs',
    run: (app, actor, key) => retryJob(app, actor, jobOf(key)),
    done: 'The job is queued again.',
  },
  {
    list: 'jobs',
    intent: 'stop',
    label: 'Stop',
    right: 'manage-jobs',
    run: (app, actor, key) => stopJob(app, actor, jobOf(key)),
    done: 'Stopped: it is not tried again.',
  },
  {
    list: 'users',
    intent: 'resend',
    label: 'Send link again',
    right: 'manage-users',
    run: (app, actor, id) => mailPasswordLink(app, actor, { userId: id as never }),
    done: 'An e-mail with a link to choose a password is queued.',
  },
  {
    list: 'users',
    intent: 'withdraw',
    label: 'Withdraw invitation',
    right: 'manage-users',
    run: (app, actor, id) => withdrawInvitation(app, actor, { userId: id as never }),
    done: 'Withdrawn: the link opens nothing any more.',
    skips: async (tx, id) => ((await findUser(tx, id as never)) ? undefined : 'Was withdrawn before.'),
  },
  {
    list: 'users',
    intent: 'end-sessions',
    label: 'Sign out everywhere',
    right: 'manage-users',
    run: (app, actor, id) => endSessions(app, actor, { userId: id as never }),
    done: 'Signed out everywhere.',
  },
  {
    list: 'users',
    intent: 'block',
    label: 'Block',
    right: 'manage-users',
    run: (app, actor, id) => changeUser(app, actor, { userId: id as never, change: { state: 'blocked' } }),
    done: 'Blocked: sessions have ended, API keys open nothing.',
    skips: async (tx, id) =>
      (await loadUser(tx, id as never)).state === 'blocked' ? 'Was blocked before.' : undefined,
  },
  {
    list: 'users',
    intent: 'unblock',
    label: 'Unblock',
    right: 'manage-users',
    run: (app, actor, id) => changeUser(app, actor, { userId: id as never, change: { state: 'active' } }),
    done: 'Unblocked.',
    skips: async (tx, id) =>
      (await loadUser(tx, id as never)).state === 'blocked' ? undefined : 'Is not blocked.',
  },
  {
    list: 'api-keys',
    intent: 'revoke',
    label: 'Revoke',
    right: 'manage-users',
    run: (app, actor, id) => revokeApiKey(app, actor, { id: id as never }),
    done: 'Revoked: it opens nothing any more.',
  },
]

export function rowActionsOf(list: string): readonly RowAction[] {
  return rowActions.filter((each) => each.list === list)
}

/** `0192…:0193…`: a payment is taken back from its invoice. */
function paymentOf(key: string): { invoiceId: never; paymentId: never } {
  const [invoiceId, paymentId] = key.split(':')
  if (!isId(invoiceId ?? '') || !isId(paymentId ?? ''))
    throw new Refusal('payment/not-found', 'This payment does not exist.')
  return { invoiceId: invoiceId as never, paymentId: paymentId as never }
}

/** `send-mail:0192…`: a job is found by its queue and its id. */
function jobOf(key: string): { queue: string; id: string } {
  const at = key.lastIndexOf(':')
  return { queue: key.slice(0, at), id: key.slice(at + 1) }
}
